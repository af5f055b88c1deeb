// `node scripts/release/sign-android.mjs BUILT OUT`: aligns and signs the packages that Gradle left below BUILT, into
// OUT. The key is in the environment (KEYSTORE in base64, PASSWORD, ALIAS); without it a throwaway key is made for this
// run: the result can be installed, but nobody vouches for it, as its certificate says. Takes the kit's tools from
// ANDROID_HOME, else from the path.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The oldest supported Android decides which signature schemes are needed. */
const MIN_SDK = "24";

const [built, out] = process.argv.slice(2);
const { KEYSTORE: given, ANDROID_HOME: kit, PASSWORD: secret, ALIAS: name } = process.env;
const place = mkdtempSync(join(tmpdir(), "millrace-sign-"));
try {
  mkdirSync(out, { recursive: true });
  const key = given ? own() : ofThisRun();
  const found = readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /-release(-unsigned)?\.(apk|aab)$/.test(one.name))
    .map((one) => join(one.parentPath ?? one.path, one.name));
  if (!found.some((file) => file.endsWith(".apk"))) throw new Error(`no package below ${built}`);
  for (const file of found) console.log(sign(file, key));
} finally {
  rmSync(place, { recursive: true, force: true });
}

function own() {
  const file = join(place, "key.jks");
  writeFileSync(file, Buffer.from(given, "base64"), { mode: 0o600 });
  return { file, password: secret, alias: name };
}

function ofThisRun() {
  const key = { file: join(place, "run.jks"), password: "only-this-run", alias: "run" };
  const options = ["-keyalg", "RSA", "-keysize", "3072", "-validity", "30"];
  const who = ["-dname", "CN=Millrace unsigned build"];
  const store = ["-keystore", key.file, "-storepass:env", "MILLRACE_KEY", "-alias", key.alias];
  call(key, "keytool", ["-genkeypair", ...store, ...options, ...who]);
  return key;
}

/** A `.apk` for phones, or a `.aab` for stores. */
function sign(file, key) {
  const [, what, end] = /([^/\\]+?)-release(?:-unsigned)?(\.apk|\.aab)$/.exec(file);
  const signed = join(out, `millrace-${what.replace(/^app-/, "")}${end}`);
  if (existsSync(signed)) throw new Error(`two packages would be ${signed}`);
  if (end === ".apk") {
    call(key, tool("zipalign"), ["-p", "-f", "4", file, signed]);
    const least = ["--min-sdk-version", MIN_SDK];
    const store = ["--ks", key.file, "--ks-key-alias", key.alias, "--ks-pass", "env:MILLRACE_KEY"];
    call(key, tool("apksigner"), ["sign", "--v4-signing-enabled", "false", ...least, ...store, signed]);
    call(key, tool("apksigner"), ["verify", ...least, signed]);
  } else {
    const store = ["-keystore", key.file, "-storepass:env", "MILLRACE_KEY"];
    call(key, "jarsigner", [...store, "-signedjar", signed, file, key.alias]);
  }
  return signed;
}

/** No password is an argument, which other users of the machine could see. */
function call({ password }, command, args) {
  const env = { ...process.env, MILLRACE_KEY: password };
  execFileSync(command, args, { env, stdio: ["ignore", 2, 2] });
}

/** The newest version in the kit. */
function tool(command) {
  const folder = kit === undefined ? null : join(kit, "build-tools");
  if (folder === null || !existsSync(folder)) return command;
  const order = new Intl.Collator("en", { numeric: true });
  return join(folder, readdirSync(folder).sort(order.compare).at(-1), command);
}
