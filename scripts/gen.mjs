// `npm run gen`: writes gen/ anew from the Rust types. The test that otherwise compares the two does it.
import { cargo, run } from "./lib/run.mjs";

const [command, args] = cargo("test", "-p", "millrace-app", "bindings_are_fresh");
if ((await run(command, args, { env: { MILLRACE_GEN: "1" } })) !== null) process.exitCode = 1;
