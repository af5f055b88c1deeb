// The ways in which a user steers the page: keys alone, a mouse, a finger. All have the same verbs, so that one walk
// through the page is done in each way. Knows the roles of controls, and the rows of the list.
import { eventually } from "./page.mjs";
import { byTestId, rowOf } from "./phone.mjs";

const codes = {
  Backspace: 8,
  Tab: 9,
  Enter: 13,
  Escape: 27,
  Space: 32,
  PageUp: 33,
  PageDown: 34,
  End: 35,
  Home: 36,
};
Object.assign(codes, {
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  Delete: 46,
  ",": 188,
  "?": 191,
});
for (let n = 1; n <= 12; n += 1) codes[`F${n}`] = 111 + n;
/** The text that a key produces; without it Chromium fires no `keypress`, which activates buttons. */
const texts = { Enter: "\r", Space: " " };
const bits = { Alt: 1, Control: 2, Shift: 8 };

/** Presses of Tab, or of an arrow key, that must be enough. */
const enough = 90;

/** Presses a combination of keys, written like `Control+Shift+ArrowUp`. */
export async function press(page, combination) {
  const parts = combination.split("+");
  const name = parts.at(-1);
  const modifiers = parts.slice(0, -1).reduce((all, one) => all + bits[one], 0);
  const key = name === "Space" ? " " : name;
  const code = /^[a-z]$/.test(name) ? `Key${name.toUpperCase()}` : name;
  const windowsVirtualKeyCode = codes[name] ?? name.toUpperCase().charCodeAt(0);
  const text =
    (modifiers & ~bits.Shift) === 0 ? (texts[name] ?? (key.length === 1 ? key : undefined)) : undefined;
  const commands = combination === "Control+a" ? ["selectAll"] : [];
  const common = { key, code, windowsVirtualKeyCode, modifiers };
  const type = text === undefined ? "rawKeyDown" : "keyDown";
  await page.send("Input.dispatchKeyEvent", { type, ...common, text, commands });
  await page.send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
}

/** Runs in the page: whether the focus is on the control, in its group, or elsewhere. */
function near(css) {
  const wanted = [...document.querySelectorAll(css)].find((one) => one.checkVisibility());
  const { activeElement } = document;
  if (wanted === undefined) return { is: "absent" };
  if (wanted === activeElement) {
    const toggle = wanted.matches(
      "[type=checkbox], [type=radio], [role=radio], [role=checkbox], [role=switch]",
    );
    return { is: "on", toggle, menu: wanted.matches("[role^=menuitem]") };
  }
  const groups = "[role=menu], [role=tablist], [role=radiogroup], [data-testid=table-head], [role=listbox]";
  // Only one control of a group is reached by Tab.
  const group = wanted.tabIndex < 0 ? wanted.closest(groups) : null;
  if (group === null || !group.contains(activeElement)) return { is: "away" };
  const down = group.matches("[role=menu], [role=listbox], [aria-orientation=vertical]");
  return { is: "in its group", key: down ? "ArrowDown" : "ArrowRight" };
}

/** What all ways have in common. */
class Hand {
  constructor(page) {
    this.page = page;
  }

  /** Waits until the focus is on this element. */
  rests(css) {
    return eventually(
      `the focus is on ${css}`,
      async () => {
        const focus = await this.page.run((one) => {
          const { activeElement } = document;
          return activeElement.matches(one) || activeElement.cloneNode(false).outerHTML.slice(0, 160);
        }, css);
        if (focus !== true) throw new Error(`it is on ${focus}`);
        return true;
      },
      8000,
    );
  }
}

export class Keys extends Hand {
  async press(...combinations) {
    for (const one of combinations) await press(this.page, one);
  }

  /** Goes to a control by Tab, and in a group by the arrow keys. */
  async reach(css) {
    await this.page.find(css);
    for (let step = 0; step < enough; step += 1) {
      const now = await this.page.run(near, css);
      if (now.is === "on") return now;
      await press(this.page, now.is === "in its group" ? now.key : "Tab");
    }
    throw new Error(`${css} is not reached by keys`);
  }

  async use(css) {
    const { toggle, menu } = await this.reach(css);
    await press(this.page, toggle && !menu ? "Space" : "Enter");
  }

  async fill(css, text) {
    await this.reach(css);
    await press(this.page, "Control+a");
    await this.page.write(text);
  }

  async choose(css, value) {
    await this.reach(css);
    await press(this.page, "Home");
    for (let step = 0; step < enough; step += 1) {
      if (await this.page.run((one, wanted) => document.querySelector(one).value === wanted, css, value))
        return;
      await press(this.page, "ArrowDown");
    }
    throw new Error(`${css} does not offer ${value}`);
  }

  /** Selects one row. */
  async pick(id) {
    await this.reach(byTestId("list"));
    await press(this.page, "Home");
    for (let step = 0; step < enough; step += 1) {
      const at = await this.page.run(
        (css) => document.querySelector(css)?.matches(".cursor") ?? false,
        rowOf(id),
      );
      if (at) return;
      await press(this.page, "ArrowDown");
    }
    throw new Error(`row ${id} is not reached by keys`);
  }

  /** Opens the menu of a row. */
  async menu(id, ready) {
    await this.pick(id);
    await press(this.page, "Shift+F10");
    await this.page.find(ready);
  }

  /** Opens the details of a row that is not finished. */
  async open(id) {
    await this.pick(id);
    if (!(await this.page.shown(byTestId("details")))) await press(this.page, "Control+i");
    await this.page.find(`${byTestId("details")}[data-id="${id}"]`);
  }

  /** Closes what lies over the rest. */
  async shut(css) {
    await press(this.page, "Escape");
    await this.page.gone(css);
  }
}

export class Mouse extends Hand {
  #at = [0, 0];

  async #event(type, [x, y], more = {}) {
    this.#at = [x, y];
    await this.page.send("Input.dispatchMouseEvent", { type, x, y, ...more });
  }

  async clickAt(point, { button = "left", modifiers = 0, clickCount = 1 } = {}) {
    const buttons = button === "left" ? 1 : 2;
    await this.#event("mouseMoved", point);
    await this.#event("mousePressed", point, { button, buttons, clickCount, modifiers });
    await this.#event("mouseReleased", point, { button, clickCount, modifiers });
  }

  async click(css, how) {
    await this.clickAt(await this.page.at(css), how);
  }

  async hover(css) {
    await this.#event("mouseMoved", await this.page.at(css));
  }

  /** Presses at the first point, moves over the others, and releases. */
  async drag([first, ...others]) {
    const held = { button: "left", buttons: 1, clickCount: 1 };
    await this.#event("mouseMoved", first);
    await this.#event("mousePressed", first, held);
    for (const point of others) await this.#event("mouseMoved", point, held);
    await this.#event("mouseReleased", this.#at, { button: "left", clickCount: 1 });
  }

  use(css) {
    return this.click(css);
  }

  async fill(css, text) {
    await this.click(css);
    await this.page.run((one) => document.querySelector(one).select(), css);
    await this.page.write(text);
  }

  choose(css, value) {
    return choose(this.page, css, value);
  }

  async pick(id) {
    await this.click(`${rowOf(id)} .name`);
    await this.page.find(`${rowOf(id)}[aria-selected="true"]`);
  }

  async menu(id, ready) {
    await this.click(`${rowOf(id)} .name`, { button: "right" });
    await this.page.find(ready);
  }

  async open(id) {
    await this.pick(id);
    if (!(await this.page.shown(byTestId("details")))) {
      await this.click(byTestId("sort"));
      await this.click(byTestId("view-details"));
    }
    await this.page.find(`${byTestId("details")}[data-id="${id}"]`);
  }

  /** By the cross of a dialog; a menu or a popover by a press outside. */
  async shut(css) {
    if (await this.page.shown(".menu, .popover")) await this.clickAt([5, 400]);
    else await this.click(".modal-head .icon-button:last-child");
    await this.page.gone(css);
  }
}

export class Finger extends Hand {
  use(css) {
    return this.page.tap(css);
  }

  async fill(css, text) {
    await this.page.tap(css);
    await this.page.run((one) => document.querySelector(one).select(), css);
    await this.page.write(text);
  }

  choose(css, value) {
    return choose(this.page, css, value);
  }

  /** Selects one row by a long press. */
  async pick(id) {
    await this.page.hold(`${rowOf(id)} .name`, byTestId("select-end"));
  }

  async menu(id, ready) {
    await this.pick(id);
    await this.page.tap(byTestId("selected-more"));
    await this.page.find(ready);
  }

  async open(id) {
    await this.page.tap(`${rowOf(id)} .name`);
    await this.page.find(`${byTestId("details")}[data-id="${id}"]`);
  }

  /** By the system's way back; a menu by a touch outside. */
  async shut(css) {
    if (await this.page.shown(".menu")) await this.page.tapAt([5, 400]);
    else await this.page.back();
    await this.page.gone(css);
  }
}

/** The system draws the list of a `select`, over the page: no pointer in the page reaches it. */
const choose = (page, css, value) =>
  page.run(
    (one, chosen) => {
      const field = document.querySelector(one);
      field.value = chosen;
      if (field.value !== chosen) throw new Error(`${one} does not offer ${chosen}`);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    css,
    value,
  );
