// What a user does and sees in the window, by the pages' test ids (`data-testid`). Knows those ids; knows nothing of
// processes.
import { eventually } from "./webdriver.mjs";

export const byTestId = (name) => `[data-testid="${name}"]`;
export const rowOf = (id) => `${byTestId("download-row")}[data-id="${id}"]`;

export function downloads(page) {
  /** Whether the element is shown for the whole time. */
  async function still(css, milliseconds) {
    const gone = async () => (await page.all(css)).length === 0;
    return !(await eventually(`${css} goes`, milliseconds, gone).catch(() => false));
  }

  /** On a desktop the pane of the details is a toggle. */
  async function showPane() {
    const hidden = await page.run("return innerWidth > 640 && document.querySelector('.pane') === null");
    if (hidden) await page.press("Control+i");
  }

  const app = {
    /**
     * Pastes a link into the add dialog and starts it, optionally with a number of connections; returns the new row's
     * id.
     */
    async add(url, { connections = null } = {}) {
      const before = new Set((await app.rows()).map((row) => row.id));
      // An empty list in a narrow window has its own button instead.
      await page.click(`${byTestId("add-open")}, ${byTestId("empty-state")} button`);
      await page.type(byTestId("add-url"), url);
      if (connections !== null) {
        await page.click(byTestId("add-more"));
        await page.type(byTestId("add-connections"), String(connections));
      }
      await page.click(byTestId("add-start"));
      // The result of the probe may move the button away from under the pointer.
      if (await still(byTestId("add-start"), 2000))
        await page.click(byTestId("add-start"), 2000).catch(() => undefined);
      return eventually(
        "the new row",
        10_000,
        async () => (await app.rows()).find((row) => !before.has(row.id))?.id,
      );
    },

    /** All rows on the page: id, state, received, total, and text. */
    rows() {
      return page.run(`return [...document.querySelectorAll('${byTestId("download-row")}')].map((row) => ({
        id: row.dataset.id, state: row.dataset.state, received: Number(row.dataset.received),
        total: row.dataset.total ? Number(row.dataset.total) : null, text: row.innerText,
      }))`);
    },

    async row(id) {
      return (await app.rows()).find((row) => row.id === id) ?? null;
    },

    /** Waits until the row satisfies `wanted`, a state or a function. */
    async until(id, wanted, milliseconds = 30_000) {
      const accepts = typeof wanted === "string" ? (row) => row.state === wanted : wanted;
      let last = null;
      return eventually(`row ${id} ${wanted}`, milliseconds, async () => {
        last = await app.row(id);
        if (last === null) throw new Error("no such row");
        if (!accepts(last)) throw new Error(JSON.stringify(last));
        return last;
      });
    },

    async untilGone(id, milliseconds = 10_000) {
      await eventually(`row ${id} leaves`, milliseconds, async () => (await app.row(id)) === null);
    },

    press: (id, button) => page.click(`${rowOf(id)} ${byTestId(button)}`),

    /** Selects a row and shows its details. */
    async select(id) {
      await page.click(`${rowOf(id)} .name`);
      await showPane();
      await page.find(`${byTestId("details")}[data-id="${id}"]`);
    },

    async closeDetails() {
      if (await app.shown(byTestId("details"))) await page.click(byTestId("details-close"));
      await eventually("the details close", 5000, async () => !(await app.shown(byTestId("details"))));
    },

    /** Opens a tab of the details: overview, log or options. */
    async tab(name) {
      await showPane();
      await page.click(byTestId(`tab-${name}`));
      await page.find(`${byTestId(`tab-${name}`)}[aria-selected="true"]`);
    },

    /** Removes a row from the list. `leftover` answers the question about a finished file: `keep` or `trash`. */
    async remove(id, leftover = "trash") {
      const { state } = await app.row(id);
      await app.press(id, "row-remove");
      if (state === "done") await page.click(byTestId(`remove-${leftover}`));
    },

    /** Ids of the selected rows, from top to bottom. */
    chosen: () =>
      page.run(
        `return [...document.querySelectorAll('${byTestId("download-row")}[aria-selected=true]')].map((row) => row.dataset.id)`,
      ),

    shown: (css) => page.all(css).then((found) => found.length > 0),
  };
  return app;
}
