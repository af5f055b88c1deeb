// Checks the dependency directions of a crate's modules: no layer depends on itself or on a higher one, and sibling
// modules form no cycle. Does not know the layers: rules.mjs.
import { join, relative } from "node:path";
import { root, tauri } from "../paths.mjs";
import { print } from "../run.mjs";
import { modulesOf } from "./modules.mjs";
import { crates } from "./rules.mjs";

/** Resolves with an error message, or null. */
export async function checkDirections() {
  const wrong = crates.flatMap((rules) => {
    const file = join(tauri, rules.root);
    return faults(modulesOf(file), rules).map((fault) => `${relative(root, file)}: ${fault}`);
  });
  for (const fault of wrong) print(`${fault}\n`);
  return wrong.length === 0 ? null : `${wrong.length} of these are against scripts/lib/rust/rules.mjs`;
}

/** What is wrong with these modules, one sentence each. */
export function faults(modules, { layers }) {
  const wrong = [];
  const levels = [...modules.values()]
    .filter((one) => one.children.size > 1)
    .map((one) => edgesBelow(modules, one));
  const edges = new Map(levels.flatMap((level) => [...level]));
  if (layers !== undefined) {
    const height = new Map(layers.flatMap((names, index) => names.map((name) => [name, index])));
    const top = [...modules.get("").children.keys()];
    for (const name of top) if (!height.has(name)) wrong.push(`${name} is in no layer`);
    for (const name of height.keys())
      if (!top.includes(name)) wrong.push(`the layers name ${name}, which is not there`);
    for (const { from, to, why } of edges.values())
      if (height.get(from) <= height.get(to)) wrong.push(`${from} may not take from ${to}: ${why}`);
  }
  for (const level of levels) {
    const left = new Map(level);
    for (let found = circle(left); found !== null; found = circle(left)) {
      wrong.push(`a circle, ${found.map(({ why }) => why).join(", ")}`);
      for (const { from, to } of found) left.delete(`${from} -> ${to}`);
    }
  }
  return wrong;
}

/** Dependencies between the children of one module, each with everything below it, by `from -> to`. */
function edgesBelow(modules, { path, children }) {
  const before = path === "" ? "" : `${path}::`;
  const neighbour = (of) => {
    const name = of.startsWith(before) ? of.slice(before.length).split("::")[0] : "";
    return children.has(name) ? before + name : null;
  };
  const edges = new Map();
  for (const one of modules.values()) {
    const from = neighbour(one.path);
    if (from === null) continue;
    for (const taken of one.takes) {
      const to = neighbour(taken);
      if (to === null || to === from || edges.has(`${from} -> ${to}`)) continue;
      edges.set(`${from} -> ${to}`, { from, to, why: `${one.path} takes from ${taken}` });
    }
  }
  return edges;
}

/** One of the shortest cycles, as its edges, or null. */
function circle(edges) {
  let shortest = null;
  for (const edge of edges.values()) {
    const back = way(edge.to, edge.from, edges);
    if (back !== null && (shortest === null || back.length + 1 < shortest.length)) shortest = [edge, ...back];
  }
  return shortest;
}

/** The shortest path from one node to another, or null. */
function way(from, to, edges) {
  const seen = new Map([[from, []]]);
  for (const [at, path] of seen) {
    if (at === to) return path;
    for (const edge of edges.values()) {
      if (edge.from === at && !seen.has(edge.to)) seen.set(edge.to, [...path, edge]);
    }
  }
  return null;
}
