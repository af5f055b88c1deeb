// The system packages that a Debian or Ubuntu machine needs, each group with its purpose. A list; does nothing.

/** To build and run the window. */
export const building = [
  "build-essential",
  "pkg-config",
  "libwebkit2gtk-4.1-dev",
  "librsvg2-dev",
  "libxdo-dev",
  "libssl-dev",
  "libayatana-appindicator3-dev",
  // what opens a finished file
  "xdg-utils",
];

/** To show the phone's pages in the engine of Android's WebView, with Android's letters. */
export const phone = ["chromium", "fonts-roboto-unhinted"];

/** To drive the real window in tests: a display, a session bus, a notification daemon, the driver, and letters. */
export const testing = [
  "webkit2gtk-driver",
  "xvfb",
  "xauth",
  "x11-utils",
  "dbus",
  "python3",
  "python3-dbusmock",
  "fonts-dejavu-core",
  "fonts-inter",
];

/** To make packages for Linux, and to hold them to the rules of their systems. */
export const packaging = [
  "dpkg-dev",
  "rpm",
  "xz-utils",
  "lintian",
  "desktop-file-utils",
  "appstream",
  // asks the desktop's files who opens a link
  "libglib2.0-bin",
];
