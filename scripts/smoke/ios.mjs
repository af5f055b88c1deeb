// `node scripts/smoke/ios.mjs APP`: installs the app on a simulator and starts it with a link; expects the file where
// the Files app shows it. For the release workflow: it needs a Mac with Xcode.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { site } from "./file-server.mjs";

const APP = "dev.millrace.downloader";
const [bundle] = process.argv.slice(2);
const simctl = (...args) =>
  execFileSync("xcrun", ["simctl", ...args])
    .toString()
    .trim();

const { devices } = JSON.parse(simctl("list", "--json", "devices", "available"));
const phone = Object.values(devices)
  .flat()
  .find(({ name }) => name.startsWith("iPhone"));
if (phone === undefined) throw new Error("this Xcode has no iPhone to simulate");
const pages = await site();
try {
  if (phone.state !== "Booted") simctl("boot", phone.udid);
  simctl("bootstatus", phone.udid, "-b");
  simctl("install", phone.udid, bundle);
  simctl("launch", phone.udid, APP, `http://127.0.0.1:${pages.port}/smoke.bin`);
  await pages.arrives(() => {
    const home = simctl("get_app_container", phone.udid, APP, "data");
    const file = join(home, "Documents", "Downloads", "smoke.bin");
    return existsSync(file) ? readFileSync(file) : null;
  });
  console.log("the file arrived");
} catch (error) {
  mkdirSync("smoke-out", { recursive: true });
  simctl("io", phone.udid, "screenshot", join("smoke-out", "screen.png"));
  throw error;
} finally {
  pages.close();
  simctl("shutdown", phone.udid);
}
