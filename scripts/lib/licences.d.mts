import type { Plugin } from "vite";

export function licencesPlugin(root: string): Plugin;
