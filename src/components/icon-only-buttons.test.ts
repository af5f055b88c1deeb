// Every button without a text has a tooltip, as far as the components' sources show it.
import { type AST, parse } from "svelte/compiler";
import { expect, it } from "vitest";

type Node = AST.RegularElement | AST.Component;

const sources = import.meta.glob<string>("../**/*.svelte", { query: "?raw", import: "default", eager: true });

const has = (node: Node, name: string): boolean =>
  node.attributes.some((one) => one.type === "Attribute" && one.name === name);

const isNode = (value: unknown): value is Record<string, unknown> & { type: string } =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Whether a reader sees words in it: a text, or an expression in the place of one. */
function saysWords(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(saysWords);
  if (!isNode(value)) return false;
  if (value.type === "Text") return String(value["data"]).trim() !== "";
  if (value.type === "ExpressionTag" || value.type === "RenderTag") return true;
  // Components other than an icon say something.
  if (value.type === "Component") return value["name"] !== "Icon";
  if (value.type === "RegularElement" && isHidden(value as unknown as AST.RegularElement)) return false;
  return ["fragment", "nodes", "consequent", "alternate", "body", "fallback"].some((part) =>
    saysWords(value[part]),
  );
}

function isHidden({ attributes }: AST.RegularElement): boolean {
  return attributes.some((one) => {
    if (one.type !== "Attribute" || one.name !== "class" || !Array.isArray(one.value)) return false;
    return one.value.some((part) => part.type === "Text" && part.data === "visually-hidden");
  });
}

/** All buttons in a component that show nothing but an icon. */
function* iconOnly(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const one of value) yield* iconOnly(one);
    return;
  }
  if (!isNode(value)) return;
  const node = value as unknown as Node;
  if (node.type === "RegularElement" && node.name === "button" && !saysWords(node.fragment)) yield node;
  if (node.type === "Component" && node.name === "IconButton") yield node;
  for (const [name, part] of Object.entries(value)) if (name !== "attributes") yield* iconOnly(part);
}

it("has a tooltip wherever it is", () => {
  const silent: string[] = [];
  let count = 0;
  for (const [path, source] of Object.entries(sources)) {
    for (const node of iconOnly(parse(source, { modern: true }).fragment)) {
      count += 1;
      // IconButton makes its label the tooltip.
      const told = node.type === "Component" ? has(node, "label") : has(node, "data-tooltip");
      if (!told) silent.push(`${path}: ${source.slice(node.start, node.start + 80)}`);
    }
  }
  expect(count).toBeGreaterThan(25);
  expect(silent).toEqual([]);
});
