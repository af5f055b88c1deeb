// The icons of the page, by what they stand for. Drawn by Lucide; one import each, so that no other is bundled.
import type { LucideProps } from "@lucide/svelte";
import type { Component } from "svelte";
import Archive from "@lucide/svelte/icons/archive";
import ArrowDown from "@lucide/svelte/icons/arrow-down";
import ArrowDownToLine from "@lucide/svelte/icons/arrow-down-to-line";
import ArrowDownWideNarrow from "@lucide/svelte/icons/arrow-down-wide-narrow";
import ArrowUp from "@lucide/svelte/icons/arrow-up";
import ArrowUpToLine from "@lucide/svelte/icons/arrow-up-to-line";
import Bell from "@lucide/svelte/icons/bell";
import Check from "@lucide/svelte/icons/check";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import ChevronsDown from "@lucide/svelte/icons/chevrons-down";
import ChevronsUp from "@lucide/svelte/icons/chevrons-up";
import Clipboard from "@lucide/svelte/icons/clipboard-paste";
import Clock from "@lucide/svelte/icons/clock";
import CodeXml from "@lucide/svelte/icons/code-xml";
import Command from "@lucide/svelte/icons/command";
import Copy from "@lucide/svelte/icons/copy";
import Disc from "@lucide/svelte/icons/disc";
import Ellipsis from "@lucide/svelte/icons/ellipsis";
import ExternalLink from "@lucide/svelte/icons/external-link";
import File from "@lucide/svelte/icons/file";
import FileText from "@lucide/svelte/icons/file-text";
import Folder from "@lucide/svelte/icons/folder";
import Gauge from "@lucide/svelte/icons/gauge";
import GripVertical from "@lucide/svelte/icons/grip-vertical";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Image from "@lucide/svelte/icons/image";
import Info from "@lucide/svelte/icons/info";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Link from "@lucide/svelte/icons/link";
import List from "@lucide/svelte/icons/list";
import Minus from "@lucide/svelte/icons/minus";
import Music from "@lucide/svelte/icons/music";
import Package from "@lucide/svelte/icons/package";
import Palette from "@lucide/svelte/icons/palette";
import PanelLeft from "@lucide/svelte/icons/panel-left";
import Pause from "@lucide/svelte/icons/pause";
import Pencil from "@lucide/svelte/icons/pencil";
import Play from "@lucide/svelte/icons/play";
import Plug from "@lucide/svelte/icons/plug";
import Plus from "@lucide/svelte/icons/plus";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import Search from "@lucide/svelte/icons/search";
import Settings from "@lucide/svelte/icons/settings";
import Share2 from "@lucide/svelte/icons/share-2";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import SquarePlay from "@lucide/svelte/icons/square-play";
import Tag from "@lucide/svelte/icons/tag";
import Trash2 from "@lucide/svelte/icons/trash-2";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Turtle from "@lucide/svelte/icons/turtle";
import Undo2 from "@lucide/svelte/icons/undo-2";
import Wifi from "@lucide/svelte/icons/wifi";
import X from "@lucide/svelte/icons/x";

export const icons = {
  alert: TriangleAlert,
  archive: Archive,
  audio: Music,
  back: ChevronLeft,
  bell: Bell,
  check: Check,
  chevron: ChevronDown,
  clipboard: Clipboard,
  clock: Clock,
  close: X,
  code: CodeXml,
  command: Command,
  copy: Copy,
  disc: Disc,
  document: FileText,
  down: ArrowDown,
  file: File,
  first: ArrowUpToLine,
  folder: Folder,
  gauge: Gauge,
  gear: Settings,
  grip: GripVertical,
  high: ChevronsUp,
  hourglass: Hourglass,
  image: Image,
  info: Info,
  keyboard: Keyboard,
  last: ArrowDownToLine,
  link: Link,
  list: List,
  low: ChevronsDown,
  minus: Minus,
  more: Ellipsis,
  next: ChevronRight,
  open: ExternalLink,
  palette: Palette,
  pause: Pause,
  play: Play,
  plug: Plug,
  plus: Plus,
  program: Package,
  rename: Pencil,
  retry: RotateCw,
  seal: ShieldCheck,
  share: Share2,
  search: Search,
  sidebar: PanelLeft,
  signal: Wifi,
  sort: ArrowDownWideNarrow,
  tag: Tag,
  trash: Trash2,
  turtle: Turtle,
  undo: Undo2,
  up: ArrowUp,
  video: SquarePlay,
} satisfies Record<string, Component<LucideProps>>;

export type IconName = keyof typeof icons;
