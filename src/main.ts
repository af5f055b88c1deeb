// Starts the window: asks the core for the list, and draws the first screen with it, once.
import { mount } from "svelte";
import App from "./App.svelte";
import { begin } from "./composition-root.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/motion.css";

/** A list that takes longer to read appears later, in a window that is there already. In ms. */
const longestWait = 60;

const started = begin();
const late = new Promise((resolve) => setTimeout(resolve, longestWait));
void Promise.race([started.answered, late]).then(() =>
  mount(App, { target: document.body, props: { started } }),
);
