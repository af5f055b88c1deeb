// What sort of file a name promises, for its icon. By the ending only.

export type Kind =
  "archive" | "video" | "audio" | "image" | "document" | "disc" | "program" | "code" | "file";

const endings: Record<Exclude<Kind, "file">, string> = {
  archive: "zip 7z rar tar gz tgz xz bz2 zst lz4 lzma cab",
  video: "mp4 mkv webm mov avi m4v mpg mpeg ts wmv flv ogv",
  audio: "mp3 flac ogg opus m4a aac wav wma aiff",
  image: "png jpg jpeg gif webp avif svg heic tif tiff bmp raw",
  document: "pdf epub doc docx odt xls xlsx ods ppt pptx odp txt md csv rtf mobi",
  disc: "iso img dmg vhd vhdx qcow2 vmdk",
  program: "exe msi deb rpm appimage apk ipa pkg flatpak snap jar",
  code: "js ts json py rs go c h cpp java html css xml yaml yml toml sh sql wasm",
};

const kinds = new Map<string, Kind>();
for (const kind of Object.keys(endings) as Exclude<Kind, "file">[]) {
  for (const ending of endings[kind].split(" ")) kinds.set(ending, kind);
}

export function kindOf(name: string): Kind {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "file" : (kinds.get(name.slice(dot + 1).toLowerCase()) ?? "file");
}
