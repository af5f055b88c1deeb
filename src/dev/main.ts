// The window over the fake core, for viewing it in a browser: `/src/dev/index.html` of the dev server, with `#empty`,
// `#many` or no hash. Never part of the build.
import { mount } from "svelte";
import App from "../App.svelte";
import { FakeCore } from "../test/core.ts";
import { makeRow } from "../test/values.ts";
import { answerMore } from "./answers.ts";
import { many, scene } from "./scene.ts";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/motion.css";

// The app's webview runs with this set.
Object.freeze(Object.prototype);

const rows = location.hash === "#empty" ? [] : location.hash === "#many" ? many() : scene(Date.now());
const core = new FakeCore(rows);
Object.assign(window, { core, makeRow });

setInterval(() => {
  for (const row of core.sorted().slice(0, 100)) {
    if (row.phase !== "running" || row.total === null) continue;
    const chunk = Math.round((row.speed / 10) * (0.6 + 0.8 * Math.random()));
    const received = Math.min(row.total, row.received + chunk);
    const speed = Math.max(200_000, Math.round(row.speed * (0.94 + 0.12 * Math.random())));
    const eta = Math.round((row.total - received) / speed);
    core.change(row.id, { received, speed, eta });
    core.event(row.id, {
      event: "progress",
      data: { downloadId: row.id, chunkLength: received - row.received },
    });
    if (received === row.total) {
      core.event(row.id, { event: "finished", data: { downloadId: row.id } });
      core.change(row.id, {
        phase: "done",
        speed: 0,
        eta: null,
        connections: 0,
        finishedAt: Date.now(),
        verdict: { by: "length" },
      });
    }
  }
  core.tick();
}, 100);

answerMore(core);
mount(App, { target: document.body });
