//! Calls Kotlin over JNI without an activity, on the caller's own thread: uses the virtual machine and the application
//! context that tao stores in `ndk_context` when the first activity is created.

use std::fs::File;
use std::os::fd::{FromRawFd, RawFd};

use jni::objects::{JClass, JObject, JString, JValue};
use jni::{JNIEnv, JavaVM};
use serde_json::Value;

use crate::Error;
use crate::platform::answer;

const CLASS: &str = "dev.millrace.transfer.Calls";
const METHOD: &str = "call";
const SIGNATURE: &str =
    "(Landroid/content/Context;Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;";

/// JNI local references of one call at most; freed with its frame.
const REFERENCES: i32 = 16;

/// Runs a command of `Calls.kt`.
pub(crate) fn call(command: &str, words: &Value) -> Result<Value, Error> {
    let said = say(command, &words.to_string());
    answer(&said.map_err(|error| Error::Refused(error.to_string()))?)
}

/// Takes ownership of a file descriptor that Kotlin has detached.
#[expect(unsafe_code, reason = "a number becomes the owner of what it names")]
pub(crate) fn file(fd: RawFd) -> File {
    // SAFETY: `Calls.kt` gives every descriptor away once, and closes none that it gave away
    unsafe { File::from_raw_fd(fd) }
}

#[expect(unsafe_code, reason = "the machine is known by its pointer only")]
fn say(command: &str, words: &str) -> jni::errors::Result<String> {
    let android = ndk_context::android_context();
    // SAFETY: both are set before Rust's main is called, and stay as long as the process
    let (vm, context) = unsafe {
        (
            JavaVM::from_raw(android.vm().cast())?,
            JObject::from_raw(android.context().cast()),
        )
    };
    let mut env = vm.attach_current_thread()?;
    let said = env.with_local_frame(REFERENCES, |env| ask(env, &context, command, words));
    if env.exception_check()? {
        // a pending exception would abort the process at the next call
        env.exception_describe()?;
        env.exception_clear()?;
    }
    said
}

fn ask(
    env: &mut JNIEnv<'_>,
    context: &JObject<'_>,
    command: &str,
    words: &str,
) -> jni::errors::Result<String> {
    let class = class(env, context)?;
    let (command, words) = (env.new_string(command)?, env.new_string(words)?);
    let given = [
        JValue::Object(context),
        JValue::Object(&command),
        JValue::Object(&words),
    ];
    let said = env.call_static_method(class, METHOD, SIGNATURE, &given)?;
    let said = JString::from(said.l()?);
    Ok(env.get_string(&said)?.into())
}

/// By the app's class loader: that of a thread started by Rust finds the system's classes only.
fn class<'a>(env: &mut JNIEnv<'a>, context: &JObject<'_>) -> jni::errors::Result<JClass<'a>> {
    let loader = env
        .call_method(context, "getClassLoader", "()Ljava/lang/ClassLoader;", &[])?
        .l()?;
    let name = env.new_string(CLASS)?;
    let class = env.call_method(
        &loader,
        "loadClass",
        "(Ljava/lang/String;)Ljava/lang/Class;",
        &[JValue::Object(&name)],
    )?;
    Ok(class.l()?.into())
}
