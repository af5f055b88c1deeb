// Name and icon of each page of the settings.
import type { IconName } from "../../components/icons.ts";
import type { SettingsPage } from "../../lib/settings-pages.ts";
import { m } from "../../paraglide/messages.js";

export const pageNames: Record<SettingsPage, () => string> = {
  system: m.settings_part_system,
  looks: m.settings_part_looks,
  files: m.settings_part_files,
  speed: m.settings_part_speed,
  network: m.settings_part_network,
  notices: m.settings_part_notices,
  data: m.settings_part_data,
  about: m.settings_part_about,
};

export const pageIcons: Record<SettingsPage, IconName> = {
  system: "gear",
  looks: "palette",
  files: "folder",
  speed: "gauge",
  network: "signal",
  notices: "bell",
  data: "archive",
  about: "info",
};
