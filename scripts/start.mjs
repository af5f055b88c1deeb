// `npm start -- [URL...]`: sets up, builds what has changed, and runs the application with those links. If it is
// already running, it receives the links and this process ends.
import { spawn } from "node:child_process";
import { buildApp, buildPages } from "./lib/build.mjs";
import { appBinary } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

try {
  await setup();
  const failed = (await buildPages()) ?? (await run(...buildApp(), { minutes: 60 }));
  if (failed) throw new Error(`the build ${failed}`);
  const app = spawn(appBinary(), process.argv.slice(2), { stdio: "inherit" });
  // Ctrl+C in a terminal reaches the application too; this process only waits for it to end.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => app.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    app.once("error", reject);
    app.once("exit", (code, signal) => resolve(signal === null ? code : 1));
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
