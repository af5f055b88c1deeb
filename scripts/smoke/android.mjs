// `node scripts/smoke/android.mjs APK`: installs the app on an emulator, shares a link to it, moves the app to the
// background, and expects the file in the shared download folder. For the release workflow: it needs Android's kit and
// KVM.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { site } from "./file-server.mjs";

const IMAGE = "system-images;android-34;google_apis;x86_64";
const APP = "dev.millrace.downloader";
const [apk] = process.argv.slice(2);
const kit = process.env.ANDROID_HOME;
const tool = (...path) => join(kit, ...path);
const adb = (...args) => execFileSync(tool("platform-tools", "adb"), args, { maxBuffer: 64 << 20 });
const tools = (name, args, input = "") =>
  execFileSync(tool("cmdline-tools", "latest", "bin", name), args, {
    input,
    stdio: ["pipe", "inherit", "inherit"],
  });

tools("sdkmanager", ["emulator", IMAGE], "y\n".repeat(20));
tools("avdmanager", ["create", "avd", "--force", "-n", "smoke", "-k", IMAGE], "no\n");
const quiet = ["-no-window", "-no-audio", "-no-boot-anim", "-no-snapshot", "-gpu", "swiftshader_indirect"];
const emulator = spawn(tool("emulator", "emulator"), ["-avd", "smoke", ...quiet], { stdio: "inherit" });
const pages = await site();
try {
  adb("wait-for-device");
  while (adb("shell", "getprop", "sys.boot_completed").toString().trim() !== "1")
    await new Promise((resolve) => setTimeout(resolve, 2000));
  adb("install", "-r", apk);
  // The host's address inside an emulator.
  const link = `http://10.0.2.2:${pages.port}/smoke.bin`;
  const share = ["-a", "android.intent.action.SEND", "-t", "text/plain"];
  const to = ["-n", `${APP}/dev.millrace.transfer.LinkActivity`];
  adb("shell", "am", "start", "-W", ...share, ...to, "--es", "android.intent.extra.TEXT", link);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  adb("shell", "input", "keyevent", "KEYCODE_HOME");
  await pages.arrives(() => {
    const name = "/sdcard/Download/Millrace/smoke.bin";
    const there = adb("shell", `ls ${name} 2>/dev/null || true`).toString().trim() === name;
    return there ? adb("exec-out", "cat", name) : null;
  });
  console.log("the file arrived while the app was away");
} catch (error) {
  mkdirSync("smoke-out", { recursive: true });
  writeFileSync(join("smoke-out", "logcat.txt"), adb("logcat", "-d"));
  writeFileSync(join("smoke-out", "screen.png"), adb("exec-out", "screencap", "-p"));
  throw error;
} finally {
  pages.close();
  emulator.kill();
}
