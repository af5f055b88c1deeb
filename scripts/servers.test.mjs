// Tests the command line against common servers: nginx, Apache, lighttpd, haproxy and squid, in typical configurations.
// Needs the built command line; uses loopback only.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { apache, haproxy, lighttpd, nginx, squid } from "./servers/configs.mjs";
import { programs } from "./servers/programs.mjs";
import { Rig, sum, text } from "./servers/rig.mjs";

const MB = 1 << 20;
let rig;
let at;

before(
  async () => {
    rig = new Rig(await programs());
    const [http, https, once, misled, light, apached, squidded] = await rig.ports(7);
    at = { http, https, once, misled, light, apached, squidded };
    const { folder, www, programs: unpacked } = rig;
    const places = { folder, www, programs: unpacked, http, https };
    rig.file("big.bin", 12 * MB);
    rig.file("small.bin", 5_000);
    rig.file("empty.bin", 0);
    rig.file("middle.bin", 3 * MB + 1);
    rig.file("page.html", "<!DOCTYPE html><title>Sign in</title><p>Please sign in.");
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
        ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")],
        ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
      ],
      { stdio: "ignore" },
    );
    await rig.serve("nginx", ["-p", folder, "-c", rig.write("nginx.conf", nginx(places))], [http, https]);
    await rig.serve(
      "haproxy",
      ["-db", "-f", rig.write("haproxy.cfg", haproxy({ http, once, misled }))],
      [once, misled],
    );
    await rig.serve(
      "lighttpd",
      ["-D", "-f", rig.write("lighttpd.conf", lighttpd({ ...places, port: light }))],
      [light],
    );
    const conf = rig.write("apache.conf", apache({ ...places, port: apached }));
    await rig.serve("apache2", ["-D", "FOREGROUND", "-f", conf], [apached]);
    mkdirSync(join(folder, "squid"), { mode: 0o777 });
    execFileSync("chmod", ["777", join(folder, "squid")]);
    const digest = createHash("md5").update("ada:proxy:s3cret").digest("hex");
    writeFileSync(join(folder, "squid", "passwords"), `ada:proxy:${digest}\n`);
    const cache = rig.write("squid.conf", squid({ ...places, port: squidded }));
    await rig.serve("squid", ["-N", "-f", cache], [squidded]);
  },
  { timeout: 300_000 },
);

after(() => rig?.stop());

const local = (port, path) => `http://127.0.0.1:${port}${path}`;
const within = { timeout: 120_000 };

/** Downloads, and checks that the bytes are the file's and that there are no other files. */
async function whole(name, args, options) {
  const done = await rig.get(args, options);
  assert.equal(done.code, 0, done.said);
  assert.deepEqual(readdirSync(done.downloads), [name]);
  assert.equal(await sum(join(done.downloads, name)), rig.sums.get(name));
  return done;
}

/** Starts a download and kills it in the middle. */
async function killed(args) {
  const run = rig.start(["--json", "-x", "1", ...args]);
  for (const begun = Date.now(); run.came.bytes < MB && Date.now() - begun < 60_000;)
    await new Promise((resolve) => setTimeout(resolve, 10));
  run.kill();
  await run.ended;
  const [name, ...others] = readdirSync(run.downloads);
  assert.deepEqual(others, []);
  assert.match(name, /\.part$/, "it was not finished");
  return run;
}

for (const server of ["http", "light", "apached"])
  for (const name of ["empty.bin", "small.bin", "middle.bin"])
    test(
      `${{ http: "nginx", light: "lighttpd", apached: "Apache" }[server]} gives ${name} whole`,
      within,
      () => whole(name, [local(at[server], `/${name}`)]),
    );

test("https from nginx, with the certificate given", within, () =>
  whole("middle.bin", [
    "--ca-cert",
    join(rig.folder, "cert.pem"),
    `https://127.0.0.1:${at.https}/middle.bin`,
  ]),
);

test("a download that was killed goes on, and is the file", within, async () => {
  const link = local(at.http, "/slow/big.bin");
  const { home } = await killed([link]);
  await whole("big.bin", ["-x", "2", link], { home });
});

test("a link that admits one request brings the whole file", within, () =>
  whole("big.bin", [local(at.once, "/slow/big.bin")]),
);

test("when every further request is led to a page, the first answer goes on", within, () =>
  whole("big.bin", [local(at.misled, "/slow/big.bin")]),
);

test("a link that expires while the file comes brings the whole file", within, () => {
  const expires = Math.floor(Date.now() / 1000) + 2;
  const md5 = createHash("md5").update(`${expires}/expiring/big.bin key`).digest("base64url");
  return whole("big.bin", [local(at.http, `/expiring/big.bin?md5=${md5}&expires=${expires}`)]);
});

test("a server that allows two connections brings the whole file", within, () =>
  whole("middle.bin", [local(at.http, "/two/middle.bin")]),
);

for (const named of [[], ["-o", "name.bin"]])
  test(
    `a session that has ended keeps the partial and saves no page (${named.join(" ") || "no name"})`,
    within,
    async () => {
      const link = local(at.http, "/session/big.bin");
      const cookie = ["-H", "Cookie: session=good"];
      const { home, downloads } = await killed([...named, ...cookie, link]);
      const [kept] = readdirSync(downloads);
      const without = await rig.get([...named, link], { home });
      assert.equal(without.code, 1, without.said);
      assert.match(without.said, /not-the-file/);
      assert.deepEqual(readdirSync(downloads), [kept]);
      const again = await rig.get([...named, ...cookie, link], { home });
      assert.equal(again.code, 0, again.said);
      const [name] = readdirSync(downloads);
      assert.equal(await sum(join(downloads, name)), rig.sums.get("big.bin"));
    },
  );

test(
  "Apache has the file compressed only, and is asked again without a coding of our choice",
  within,
  async () => {
    const { gzipSync } = await import("node:zlib");
    const text_ = "one line of a text\n".repeat(2_000);
    rig.file("doc.txt.gz", gzipSync(text_));
    const done = await rig.get([local(at.apached, "/doc.txt")]);
    assert.equal(done.code, 0, done.said);
    const [name] = readdirSync(done.downloads);
    const saved = join(done.downloads, name);
    // Decoded under its own name, or stored as it is under the name with the encoding's extension.
    if (name === "doc.txt") assert.equal(text(saved), text_);
    else assert.equal(await sum(saved), rig.sums.get("doc.txt.gz"));
  },
);

test("squid wants a Digest sign-in, for http links and for tunnels", within, async () => {
  const proxy = ["--proxy", `http://ada:s3cret@127.0.0.1:${at.squidded}`];
  await whole("middle.bin", [...proxy, local(at.http, "/middle.bin")]);
  const secure = ["--ca-cert", join(rig.folder, "cert.pem"), `https://127.0.0.1:${at.https}/middle.bin`];
  await whole("middle.bin", [...proxy, ...secure]);
});

test("squid refuses a wrong password, and nothing goes around it", within, async () => {
  const refused = await rig.get([
    "--proxy",
    `http://ada:wrong@127.0.0.1:${at.squidded}`,
    local(at.http, "/small.bin"),
  ]);
  assert.equal(refused.code, 1, refused.said);
  assert.match(refused.said, /proxy-refused/);
  assert.ok(!existsSync(join(refused.downloads, "small.bin")));
});
