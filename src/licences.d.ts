// What the build makes of the licences of all parts: scripts/lib/licences.mjs.
declare module "virtual:licences" {
  const licences: {
    parts: {
      name: string;
      version: string;
      /** An SPDX expression. */
      licence: string;
      /** Places of its licence files in `texts`. */
      texts: number[];
    }[];
    texts: string[];
  };
  export default licences;
}
