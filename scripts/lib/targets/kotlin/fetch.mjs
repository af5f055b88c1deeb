// Fetches Android's libraries and frameworks with Maven, each as a plain file: Maven cannot put an Android archive on a
// class path. Knows only names and folders.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../run.mjs";
import { once } from "./note.mjs";

const options = ["-q", "-B"];

/**
 * Copies `artifacts` (`group:name:version:type`) into `folder` and deletes everything else there. Throws with a
 * sentence to show.
 */
export function fetched(artifacts, folder) {
  return once(`${folder}.txt`, artifacts, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const pom = `${folder}.xml`;
    writeFileSync(pom, copying(artifacts, folder));
    const failed = await run("mvn", [...options, "-f", pom, "dependency:copy"], { minutes: 30 });
    if (failed) throw new Error(`Maven did not bring Android's libraries: ${failed}`);
  });
}

/** The class path of a Java program, `group:name:version`, with its dependencies. Throws with a sentence to show. */
export async function program(artifact, folder) {
  await once(`${folder}.txt`, [artifact], async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const pom = `${folder}.xml`;
    writeFileSync(pom, needing(artifact, folder));
    const failed = await run("mvn", [...options, "-f", pom, "dependency:copy-dependencies"], { minutes: 15 });
    if (failed) throw new Error(`Maven did not bring ${artifact}: ${failed}`);
  });
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .join(":");
}

const item = (tag, [group, name, version, type]) =>
  `<${tag}><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>${
    type === undefined ? "" : `<type>${type}</type>`
  }</${tag}>`;

function copying(artifacts, folder) {
  const items = artifacts.map((one) => item("artifactItem", one.split(":"))).join("\n");
  return project(`<outputDirectory>${folder}</outputDirectory>\n<artifactItems>\n${items}\n</artifactItems>`);
}

function needing(artifact, folder) {
  const needed = `<dependencies>${item("dependency", artifact.split(":"))}</dependencies>`;
  return project(`<outputDirectory>${folder}</outputDirectory>`, needed);
}

function project(configuration, more = "") {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>dev.millrace</groupId><artifactId>fetched</artifactId><version>0</version><packaging>pom</packaging>
${more}
<build><plugins><plugin>
<groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.6.1</version>
<configuration>
${configuration}
</configuration>
</plugin></plugins></build>
</project>
`;
}
