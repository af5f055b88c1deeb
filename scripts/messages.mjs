// `npm run messages`: compiles src/messages/ to typed functions, for editors and checks.
import { compileMessages } from "./lib/messages.mjs";

const problem = await compileMessages();
if (problem) {
  console.error(`the messages: ${problem}`);
  process.exitCode = 1;
}
