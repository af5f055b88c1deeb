// Swipes, drawers that are pulled down, and scrolling by touch, over the fake core.
import assert from "node:assert/strict";
import { across, done, flow, running, tapUntil } from "./rig/flow.mjs";
import { eventually } from "./rig/page.mjs";
import { byTestId, inChromium, rowOf } from "./rig/phone.mjs";

inChromium();

flow(
  "a swipe from the end removes, also a finished one whose file stays, and is undone",
  { given: { rows: [running, done] } },
  async (phone, page) => {
    for (const id of [1, 2]) {
      const [x, y] = await page.at(`${rowOf(id)} .name`);
      await page.swipe(across([x + 100, y], -60));
      await page.settled();
      assert.equal((await phone.ids()).length, 2, "a short swipe does nothing");
      await page.swipe(across([x + 100, y], -140));
      await page.gone(rowOf(id));
      assert.deepEqual(await phone.untilAsked("remove_many", id), { ids: [id], leftover: "keep" });
      await page.find(byTestId("toast-action"));
      await page.run((css) => document.querySelector(css).click(), byTestId("toast-action"));
      await page.find(rowOf(id));
    }
  },
);

flow("a drawer is pulled down to close it", { given: { rows: [running] } }, async (phone, page) => {
  const top = () => page.run(() => document.querySelector(".modal")?.getBoundingClientRect().top);
  await page.tap(byTestId("views-open"));
  await page.find(byTestId("pause-all"));
  await page.settled();
  const [x, y] = await page.at(".modal-title");
  const before = await top();
  const pull = (by) => page.swipe([0, 0.2, 0.5, 0.8, 1, 1, 1, 1].map((part) => [x, y + by * part]));
  await pull(40);
  await page.settled();
  assert.equal(await top(), before, "it springs back");
  await pull(200);
  await page.gone(byTestId("pause-all"));
  await tapUntil(page, byTestId("filter-active"), `${byTestId("filter-active")}[aria-pressed="true"]`);
});

flow(
  "the add button is away while the list is scrolled down",
  { given: { rows: "many" } },
  async (phone, page) => {
    const [x, y] = await page.at(`${rowOf(394)} .name`);
    await page.find(byTestId("add-open"));
    const visible = () =>
      page.run(
        (css) => getComputedStyle(document.querySelector(css)).visibility === "visible",
        byTestId("add-open"),
      );
    await page.swipe([[x, y], [x, y - 30], [x, y - 80], [x, y - 160], [x, y - 240]]); // prettier-ignore
    await eventually("it makes room", async () => !(await visible()));
    await page.swipe([[x, y - 240], [x, y - 210], [x, y - 150], [x, y - 80]]); // prettier-ignore
    await eventually("it is back", visible);
  },
);

flow("nothing behind a sheet feels a finger", { given: { rows: "many" } }, async (phone, page) => {
  const top = () => page.run((css) => document.querySelector(css).scrollTop, byTestId("list"));
  const search = await page.at(byTestId("search-open"));
  const row = await page.at(`${rowOf(399)} .name`);
  await page.tap(byTestId("views-open"));
  await page.find(byTestId("pause-all"));
  await page.settled();
  await page.swipe([row, [row[0], row[1] - 30], [row[0], row[1] - 60], [row[0], row[1] - 90]]);
  assert.equal(await top(), 0, "the list does not scroll");
  await page.find(byTestId("pause-all"));
  await page.tapAt(search);
  await page.gone(byTestId("pause-all"));
  assert.equal(await page.shown(byTestId("search")), false);
  await page.tap(`${rowOf(399)} .name`);
  await page.find(byTestId("details"));
  await page.settled();
  const covered = await page.run(() => {
    const list = document.querySelector('[data-testid="list"]').getBoundingClientRect();
    const hits = [0.1, 0.5, 0.9].map((part) =>
      document.elementFromPoint(innerWidth / 2, list.top + list.height * part),
    );
    return hits.every((hit) => hit.closest(".sheet") !== null) && document.querySelector(".window").inert;
  });
  assert.ok(covered, "the details cover the list");
});

flow("a finger scrolls the list, and a swipe is no tap", { given: { rows: "many" } }, async (phone, page) => {
  const top = () => page.run((css) => document.querySelector(css).scrollTop, byTestId("list"));
  const [x, y] = await page.at(`${rowOf(396)} .name`);
  await page.swipe([[x, y], [x, y - 20], [x, y - 60], [x, y - 120], [x, y - 200]]); // prettier-ignore
  await eventually("it scrolls", async () => (await top()) > 100);
  assert.equal(await page.shown(byTestId("details")), false);
  assert.equal(await page.shown(byTestId("select-end")), false);
});

flow(
  "a message does not cover the buttons of an open sheet",
  { given: { rows: [running] } },
  async (phone, page) => {
    await page.tap(byTestId("add-open"));
    await page.find(byTestId("add-start"));
    await phone.change(1, { phase: "done" });
    await page.find(byTestId("toast"));
    await page.settled();
    const [toast, button] = await page.run(
      (...all) => all.map((css) => document.querySelector(css).getBoundingClientRect().toJSON()),
      byTestId("toast"),
      byTestId("add-start"),
    );
    assert.ok(toast.top >= 0 && toast.bottom < button.top, `${toast.bottom} is above ${button.top}`);
  },
);
