// swift-tools-version:5.7
import PackageDescription

let package = Package(
  name: "tauri-plugin-transfer",
  platforms: [.iOS(.v15)],
  products: [
    .library(name: "tauri-plugin-transfer", type: .static, targets: ["tauri-plugin-transfer"])
  ],
  dependencies: [
    .package(name: "Tauri", path: "../.tauri/tauri-api")
  ],
  targets: [
    .target(
      name: "tauri-plugin-transfer",
      dependencies: [.byName(name: "Tauri")],
      path: "Sources")
  ]
)
