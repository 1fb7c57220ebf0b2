/** The parts that know no editor. */

import assert from "node:assert/strict";
import test from "node:test";

import { binary } from "../../src/binary.ts";
import * as commandLine from "../../src/command_line.ts";
import { runTest, showContacts, simulate } from "../../src/lenses.ts";
import { failed, shown } from "../../src/page.ts";

test("the program is found where the setting says", () => {
  const around = { home: "/home/ana", folder: "/clients/two words" };
  assert.equal(binary("playbook", around), "playbook");
  assert.equal(binary("  ", around), "playbook");
  assert.equal(binary("~/bin/playbook", around), "/home/ana/bin/playbook");
  assert.equal(binary("~ana/playbook", around), "~ana/playbook");
  assert.equal(binary("${workspaceFolder}/target/debug/playbook", around), "/clients/two words/target/debug/playbook");
  assert.equal(binary("${workspaceFolder}/x", { home: "/", folder: undefined }), "${workspaceFolder}/x");
});

test("a name is never taken for an option", () => {
  assert.deepEqual(commandLine.check("/firm"), ["check", "/firm"]);
  assert.deepEqual(commandLine.test("-x"), ["test", "./-x"]);
  assert.deepEqual(commandLine.testNamed("/firm", "--json"), ["test", "/firm", "--filter=--json"]);
  assert.deepEqual(commandLine.simulate("-x", "--seed"), ["simulate", "--", "./-x", "--seed"]);
  assert.deepEqual(commandLine.document("/firm"), ["doc", "/firm", "--out", "-"]);
  assert.deepEqual(commandLine.serve(), ["lsp"]);
});

test("what a lens brings is read before it is believed", () => {
  assert.deepEqual(runTest([{ client: "/firm", test: "one" }]), { client: "/firm", test: "one" });
  assert.deepEqual(runTest(["/firm", "one"]), { client: "/firm", test: "one" });
  for (const wrong of [[], [{}], ["/firm"], [{ client: 1, test: "one" }], [null, null]]) {
    assert.equal(runTest(wrong), undefined);
    assert.equal(simulate(wrong), undefined);
  }
  assert.deepEqual(simulate([{ client: "/firm", scenario: "May" }]), { client: "/firm", scenario: "May" });
  assert.deepEqual(showContacts([{ title: "hot", contacts: [{ name: "Ana", detail: "72" }, "Ben", 3, {}] }]), {
    title: "hot",
    contacts: [
      { name: "Ana", detail: "72" },
      { name: "Ben", detail: "" },
    ],
  });
  assert.equal(showContacts([{ title: "hot" }]), undefined);
});

test("a page may be read and do nothing", () => {
  const page = shown('<!doctype html><html lang="en"><head lang="en"><title>a</title></head><body></body></html>');
  assert.match(page, /<head lang="en"><meta http-equiv="Content-Security-Policy" content="default-src 'none';/);
  assert.ok(page.endsWith("<title>a</title></head><body></body></html>"));
  assert.ok(shown("<p>no head").startsWith("<meta http-equiv"));
  assert.ok(failed("`<b>` & more").includes("<pre>`&lt;b>` &amp; more</pre>"));
});
