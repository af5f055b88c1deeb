// The system packages that a Debian or Ubuntu machine needs, grouped by purpose. A list; does nothing.

/** To build and run the window. */
export const building = [
  "build-essential",
  "pkg-config",
  "libwebkit2gtk-4.1-dev",
  "librsvg2-dev",
  "libxdo-dev",
  "libssl-dev",
  "libayatana-appindicator3-dev",
  // opens a finished file
  "xdg-utils",
];

/** To render the phone's pages in the engine and with the fonts of Android's WebView. */
export const phone = ["chromium", "fonts-roboto-unhinted"];

/** To drive the real window in tests: a display, a session bus, a notification daemon, the driver, and fonts. */
export const testing = [
  "webkit2gtk-driver",
  "xvfb",
  "xauth",
  "x11-utils",
  "dbus",
  "python3",
  "python3-dbusmock",
  // a window of another program to drag files onto
  "gir1.2-gtk-3.0",
  "fonts-dejavu-core",
  "fonts-inter",
];

/** To build the Linux packages and to check them against the rules of their systems. */
export const packaging = [
  "dpkg-dev",
  "rpm",
  "xz-utils",
  "lintian",
  "desktop-file-utils",
  "appstream",
  // queries the desktop files for the handler of a link
  "libglib2.0-bin",
];
