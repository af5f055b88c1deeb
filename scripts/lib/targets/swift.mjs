// Checks the phone's Swift as far as possible without a Swift compiler: see swift.py.
import { join } from "node:path";
import { root } from "../paths.mjs";
import { pythonWith } from "../python.mjs";
import { output, run } from "../run.mjs";

const packages = ["tree-sitter==0.26.1", "tree-sitter-swift==0.7.4"];

/** Resolves with an error message, or null. `install` installs Debian packages. */
export async function checkSwift({ install }) {
  const files = ["ls-files", "--cached", "--others", "--exclude-standard", "--", "*.swift"];
  const swift = output("git", ["-C", root, ...files]);
  if (swift === null) return "git does not say which files of Swift there are";
  try {
    const python = await pythonWith("swift", packages, { install });
    const script = join(root, "scripts", "lib", "targets", "swift.py");
    return await run(python, [script, ...swift.split("\n").filter(Boolean)], { minutes: 2 });
  } catch (error) {
    return error.message;
  }
}
