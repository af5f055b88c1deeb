// The icons of the page, by what they stand for. Shapes of Lucide; one import each, so that no other is bundled.
import type { IconNode } from "lucide";
import Archive from "lucide/dist/esm/icons/archive.mjs";
import ArrowDown from "lucide/dist/esm/icons/arrow-down.mjs";
import ArrowDownToLine from "lucide/dist/esm/icons/arrow-down-to-line.mjs";
import ArrowDownWideNarrow from "lucide/dist/esm/icons/arrow-down-wide-narrow.mjs";
import ArrowUp from "lucide/dist/esm/icons/arrow-up.mjs";
import ArrowUpToLine from "lucide/dist/esm/icons/arrow-up-to-line.mjs";
import Bell from "lucide/dist/esm/icons/bell.mjs";
import Check from "lucide/dist/esm/icons/check.mjs";
import ChevronDown from "lucide/dist/esm/icons/chevron-down.mjs";
import ChevronLeft from "lucide/dist/esm/icons/chevron-left.mjs";
import ChevronRight from "lucide/dist/esm/icons/chevron-right.mjs";
import ChevronsDown from "lucide/dist/esm/icons/chevrons-down.mjs";
import ChevronsUp from "lucide/dist/esm/icons/chevrons-up.mjs";
import Clipboard from "lucide/dist/esm/icons/clipboard-paste.mjs";
import Clock from "lucide/dist/esm/icons/clock.mjs";
import CodeXml from "lucide/dist/esm/icons/code-xml.mjs";
import Command from "lucide/dist/esm/icons/command.mjs";
import Copy from "lucide/dist/esm/icons/copy.mjs";
import Disc from "lucide/dist/esm/icons/disc.mjs";
import Ellipsis from "lucide/dist/esm/icons/ellipsis.mjs";
import ExternalLink from "lucide/dist/esm/icons/external-link.mjs";
import File from "lucide/dist/esm/icons/file.mjs";
import FileText from "lucide/dist/esm/icons/file-text.mjs";
import Folder from "lucide/dist/esm/icons/folder.mjs";
import Gauge from "lucide/dist/esm/icons/gauge.mjs";
import GripVertical from "lucide/dist/esm/icons/grip-vertical.mjs";
import Hourglass from "lucide/dist/esm/icons/hourglass.mjs";
import Image from "lucide/dist/esm/icons/image.mjs";
import Info from "lucide/dist/esm/icons/info.mjs";
import Keyboard from "lucide/dist/esm/icons/keyboard.mjs";
import Link from "lucide/dist/esm/icons/link.mjs";
import List from "lucide/dist/esm/icons/list.mjs";
import Minus from "lucide/dist/esm/icons/minus.mjs";
import Music from "lucide/dist/esm/icons/music.mjs";
import Package from "lucide/dist/esm/icons/package.mjs";
import Palette from "lucide/dist/esm/icons/palette.mjs";
import PanelLeft from "lucide/dist/esm/icons/panel-left.mjs";
import Pause from "lucide/dist/esm/icons/pause.mjs";
import Pencil from "lucide/dist/esm/icons/pencil.mjs";
import Play from "lucide/dist/esm/icons/play.mjs";
import Plug from "lucide/dist/esm/icons/plug.mjs";
import Plus from "lucide/dist/esm/icons/plus.mjs";
import RotateCw from "lucide/dist/esm/icons/rotate-cw.mjs";
import Search from "lucide/dist/esm/icons/search.mjs";
import Settings from "lucide/dist/esm/icons/settings.mjs";
import Share2 from "lucide/dist/esm/icons/share-2.mjs";
import ShieldCheck from "lucide/dist/esm/icons/shield-check.mjs";
import SquarePlay from "lucide/dist/esm/icons/square-play.mjs";
import Tag from "lucide/dist/esm/icons/tag.mjs";
import Trash from "lucide/dist/esm/icons/trash.mjs";
import TriangleAlert from "lucide/dist/esm/icons/triangle-alert.mjs";
import Turtle from "lucide/dist/esm/icons/turtle.mjs";
import Undo2 from "lucide/dist/esm/icons/undo-2.mjs";
import Wifi from "lucide/dist/esm/icons/wifi.mjs";
import X from "lucide/dist/esm/icons/x.mjs";

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
  trash: Trash,
  turtle: Turtle,
  undo: Undo2,
  up: ArrowUp,
  video: SquarePlay,
} satisfies Record<string, IconNode>;

export type IconName = keyof typeof icons;
