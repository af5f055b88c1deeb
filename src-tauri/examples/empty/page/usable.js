// Says when the page is on the screen.
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("usable")));
