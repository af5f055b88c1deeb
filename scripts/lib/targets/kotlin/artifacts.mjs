// Dependencies of the Android app as Gradle resolves them: of each library the newest version that anything in the app
// names, transitively. Each `group:name:version:type`. A list; does nothing.

/** In the app. */
export const libraries = [
  "androidx.activity:activity-ktx:1.10.1:aar",
  "androidx.activity:activity:1.10.1:aar",
  "androidx.annotation:annotation-experimental:1.4.0:aar",
  "androidx.annotation:annotation-jvm:1.9.1:jar",
  "androidx.appcompat:appcompat-resources:1.7.1:aar",
  "androidx.appcompat:appcompat:1.7.1:aar",
  "androidx.arch.core:core-common:2.2.0:jar",
  "androidx.arch.core:core-runtime:2.2.0:aar",
  "androidx.browser:browser:1.8.0:aar",
  "androidx.cardview:cardview:1.0.0:aar",
  "androidx.collection:collection:1.1.0:jar",
  "androidx.concurrent:concurrent-futures:1.1.0:jar",
  "androidx.constraintlayout:constraintlayout-solver:2.0.1:jar",
  "androidx.constraintlayout:constraintlayout:2.0.1:aar",
  "androidx.coordinatorlayout:coordinatorlayout:1.1.0:aar",
  "androidx.core:core-ktx:1.13.1:aar",
  "androidx.core:core-viewtree:1.0.0:aar",
  "androidx.core:core:1.13.1:aar",
  "androidx.cursoradapter:cursoradapter:1.0.0:aar",
  "androidx.customview:customview:1.1.0:aar",
  "androidx.documentfile:documentfile:1.0.0:aar",
  "androidx.drawerlayout:drawerlayout:1.1.1:aar",
  "androidx.dynamicanimation:dynamicanimation:1.0.0:aar",
  "androidx.emoji2:emoji2-views-helper:1.3.0:aar",
  "androidx.emoji2:emoji2:1.3.0:aar",
  "androidx.fragment:fragment:1.5.4:aar",
  "androidx.interpolator:interpolator:1.0.0:aar",
  "androidx.legacy:legacy-support-core-utils:1.0.0:aar",
  "androidx.lifecycle:lifecycle-common-jvm:2.10.0:jar",
  "androidx.lifecycle:lifecycle-livedata-core-ktx:2.10.0:aar",
  "androidx.lifecycle:lifecycle-livedata-core:2.10.0:aar",
  "androidx.lifecycle:lifecycle-livedata:2.10.0:aar",
  "androidx.lifecycle:lifecycle-process:2.10.0:aar",
  "androidx.lifecycle:lifecycle-runtime-android:2.10.0:aar",
  "androidx.lifecycle:lifecycle-runtime-ktx-android:2.10.0:aar",
  "androidx.lifecycle:lifecycle-viewmodel-android:2.10.0:aar",
  "androidx.lifecycle:lifecycle-viewmodel-ktx:2.10.0:aar",
  "androidx.lifecycle:lifecycle-viewmodel-savedstate-android:2.10.0:aar",
  "androidx.loader:loader:1.0.0:aar",
  "androidx.localbroadcastmanager:localbroadcastmanager:1.0.0:aar",
  "androidx.print:print:1.0.0:aar",
  "androidx.profileinstaller:profileinstaller:1.4.0:aar",
  "androidx.recyclerview:recyclerview:1.1.0:aar",
  "androidx.resourceinspection:resourceinspection-annotation:1.0.1:jar",
  "androidx.savedstate:savedstate-android:1.4.0:aar",
  "androidx.savedstate:savedstate-ktx:1.4.0:aar",
  "androidx.startup:startup-runtime:1.1.1:aar",
  "androidx.tracing:tracing:1.1.0:aar",
  "androidx.transition:transition:1.5.0:aar",
  "androidx.vectordrawable:vectordrawable-animated:1.1.0:aar",
  "androidx.vectordrawable:vectordrawable:1.1.0:aar",
  "androidx.versionedparcelable:versionedparcelable:1.1.1:aar",
  "androidx.viewpager2:viewpager2:1.0.0:aar",
  "androidx.viewpager:viewpager:1.0.0:aar",
  "androidx.webkit:webkit:1.15.0:aar",
  "com.google.android.material:material:1.12.0:aar",
  "com.google.errorprone:error_prone_annotations:2.15.0:jar",
  "com.google.guava:listenablefuture:1.0:jar",
  "org.jetbrains.kotlinx:kotlinx-coroutines-android:1.9.0:jar",
  "org.jetbrains.kotlinx:kotlinx-coroutines-core-jvm:1.9.0:jar",
  "org.jetbrains.kotlinx:kotlinx-serialization-core-jvm:1.7.3:jar",
  "org.jspecify:jspecify:1.0.0:jar",
];

/** Additional dependencies of Robolectric, for tests only. */
export const testing = [
  "androidx.test.espresso:espresso-idling-resource:3.7.0:aar",
  "androidx.test:monitor:1.8.0:aar",
];

/** Robolectric's builds of Android itself, one per version that the tests run on: 7, 10, 11, 13, 14 and 16. */
export const frameworks = [
  "7.0.0_r1-robolectric-r1-i7",
  "10-robolectric-5803371-i7",
  "11-robolectric-6757853-i7",
  "13-robolectric-9030017-i7",
  "14-robolectric-10818077-i7",
  "16-robolectric-13921718-i7",
].map((version) => `org.robolectric:android-all-instrumented:${version}:jar`);

/** In the version of Gradle's plugin that `gen/android` names. */
export const merger = "com.android.tools.build:manifest-merger:32.3.1";
