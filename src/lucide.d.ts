// The package declares its icons in one file only; one import each keeps the others out of the build and the tests.
declare module "lucide/dist/esm/icons/*.mjs" {
  import type { IconNode } from "lucide";
  const icon: IconNode;
  export default icon;
}
