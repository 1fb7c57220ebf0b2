// The editor's server in the page: findings, colours, choices, what stands at the caret. Everything works without it.
(() => {
  "use strict";
  const text = document.getElementById("text");
  const form = text?.closest("form");
  if (!form || !("WebSocket" in window)) return;
  const { client, file } = form.dataset;
  const uri = `file:///${client}/${file}`;
  const at = (id) => document.getElementById(id);
  const [code, painted, choices, findings, found, about] = ["code", "painted", "choices", "findings", "found", "about"].map(at);
  const document_ = { textDocument: { uri } };
  const WORST = 1;

  // ── The line ────────────────────────────────────────────────────────────────
  let socket, number = 0, version = 0, can, waiting = new Map();
  const send = (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const tell = (method, params) => send({ method, params });
  const ask = (method, params) => new Promise((answer) => {
    settle();
    const id = ++number;
    waiting.set(id, answer);
    if (!send({ id, method, params }) && socket?.readyState !== WebSocket.OPEN) { waiting.delete(id); answer(null); }
  });
  // What is asked is asked of the text as it is now.
  let unsaid = false;
  const settle = () => {
    if (!unsaid) return;
    unsaid = false;
    tell("textDocument/didChange", { textDocument: { uri, version: ++version }, contentChanges: [{ text: text.value }] });
  };
  const hear = ({ id, method, params, result }) => {
    if (method === "textDocument/publishDiagnostics" && params.uri === uri) return show(params.diagnostics);
    if (method && id !== undefined) return send({ id, result: null });
    const answer = waiting.get(id);
    waiting.delete(id);
    answer?.(result ?? null);
  };
  const begin = async () => {
    const textDocument = {
      publishDiagnostics: {}, hover: { contentFormat: ["plaintext"] }, completion: { completionItem: {} }, formatting: {},
      semanticTokens: { requests: { full: true }, tokenTypes: [], tokenModifiers: [], formats: ["relative"] },
    };
    const said = await ask("initialize", { processId: null, rootUri: `file:///${client}`, capabilities: { general: { positionEncodings: ["utf-16"] }, textDocument } });
    if (!said) return;
    can = said.capabilities;
    tell("initialized", {});
    tell("textDocument/didOpen", { textDocument: { uri, languageId: "playbook", version: ++version, text: text.value } });
    code.classList.add("live");
    at("format").hidden = false;
    draw();
    colour();
  };
  const connect = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/playbook/editor`);
    socket.addEventListener("open", begin);
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      for (const answer of waiting.values()) answer(null);
      waiting.clear();
      can = undefined;
      code.classList.remove("live");
      hide();
    });
  };

  // ── Places: lines and columns, as both sides count them ─────────────────────
  const place = (offset) => {
    const before = text.value.slice(0, offset);
    const start = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length - 1, character: offset - start };
  };
  const offset = ({ line, character }) => {
    const lines = text.value.split("\n");
    return lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + Math.min(character, lines[line]?.length ?? 0);
  };
  const insert = (from, to, words) => {
    text.focus();
    text.setSelectionRange(from, to);
    // It is the one way that can be undone.
    if (!document.execCommand("insertText", false, words)) text.setRangeText(words, from, to, "end");
  };

  // ── Colours, and lines under what is found: a copy of the text beneath it ──
  let lines = [], tokens = new Map(), marks = new Map();
  const pieces = (line, number) => {
    const cuts = new Set([0, line.length]);
    const spans = [...(tokens.get(number)?.text === line ? tokens.get(number).spans : []), ...(marks.get(number) ?? [])];
    for (const { from, to } of spans) { cuts.add(Math.min(from, line.length)); cuts.add(Math.min(to, line.length)); }
    const sorted = [...cuts].sort((one, other) => one - other);
    return sorted.slice(1).map((end, index) => {
      const begin = sorted[index];
      const kinds = spans.filter(({ from, to }) => from <= begin && end <= to).map(({ kind }) => kind);
      const piece = document.createElement("span");
      piece.className = kinds.join(" ");
      piece.textContent = line.slice(begin, end);
      return piece;
    });
  };
  const draw = (all = true) => {
    if (!code.classList.contains("live")) return;
    const next = text.value.split("\n");
    let head = 0, tail = 0;
    if (!all) {
      while (head < Math.min(lines.length, next.length) && lines[head] === next[head]) head++;
      while (tail < Math.min(lines.length, next.length) - head && lines.at(-1 - tail) === next.at(-1 - tail)) tail++;
    }
    const drawn = next.slice(head, next.length - tail).map((line, index) => {
      const row = document.createElement("div");
      row.append(...pieces(line, head + index), "\n");
      return row;
    });
    const old = [...painted.children];
    old.slice(head, lines.length - tail).forEach((row) => row.remove());
    if (head === 0) painted.prepend(...drawn); else old[head - 1].after(...drawn);
    lines = next;
    follow();
  };
  const follow = () => {
    painted.style.setProperty("transform", `translate(${-text.scrollLeft}px, ${-text.scrollTop}px)`);
    painted.style.setProperty("width", `${text.scrollWidth}px`);
  };
  const colour = async () => {
    const legend = can?.semanticTokensProvider?.legend.tokenTypes;
    if (!legend) return;
    settle();
    const asked = version;
    const told = await ask("textDocument/semanticTokens/full", document_);
    if (!told || asked !== version) return;
    const all = text.value.split("\n");
    tokens = new Map();
    for (let index = 0, line = 0, character = 0; index < told.data.length; index += 5) {
      const [down, right, length, type] = told.data.slice(index, index + 4);
      character = down ? right : character + right;
      line += down;
      if (!tokens.has(line)) tokens.set(line, { text: all[line], spans: [] });
      tokens.get(line).spans.push({ from: character, to: character + length, kind: `t-${legend[type]}` });
    }
    draw();
  };

  // ── Findings ────────────────────────────────────────────────────────────────
  const KINDS = { 1: "error", 2: "warning", 3: "note", 4: "note" };
  const show = (all) => {
    marks = new Map();
    const count = (kind) => all.filter(({ severity }) => KINDS[severity] === kind).length;
    const words = ["error", "warning", "note"].map((kind) => [count(kind), kind]).filter(([many]) => many)
      .map(([many, kind]) => `${many} ${kind}${many === 1 ? "" : "s"}`);
    found.textContent = words.length ? words.join(", ") : "Nothing is wrong.";
    findings.replaceChildren(...all.sort((one, other) => (one.severity ?? WORST) - (other.severity ?? WORST)).map((one) => {
      const { range: { start, end }, message } = one;
      const kind = KINDS[one.severity ?? WORST];
      for (let line = start.line; line <= Math.min(end.line, start.line + 200); line++) {
        if (!marks.has(line)) marks.set(line, []);
        marks.get(line).push({ from: line === start.line ? start.character : 0, to: line === end.line ? Math.max(end.character, 1) : Infinity, kind: `m-${kind}` });
      }
      const item = document.createElement("li"), button = document.createElement("button"), word = document.createElement("strong");
      item.className = kind;
      word.textContent = kind;
      button.type = "button";
      button.className = "quiet";
      // What stands between backticks is code.
      const said = message.split("`").map((part, at, all) => {
        if (at % 2 === 0) return part;
        if (at === all.length - 1) return `\`${part}`;
        const piece = document.createElement("code");
        piece.textContent = part;
        return piece;
      });
      button.append(word, ` line ${start.line + 1}: `, ...said);
      button.addEventListener("click", () => {
        text.focus();
        text.setSelectionRange(offset(start), offset(end));
        const high = Number.parseFloat(getComputedStyle(text).lineHeight);
        text.scrollTop = Math.max(0, start.line * high - text.clientHeight / 2);
      });
      item.append(button);
      return item;
    }));
    draw();
  };

  // ── Choices ─────────────────────────────────────────────────────────────────
  let offered = [], chosen = -1;
  const hide = () => { choices.hidden = true; offered = []; chosen = -1; text.removeAttribute("aria-activedescendant"); };
  const point = (to) => {
    chosen = (to + offered.length) % offered.length;
    [...choices.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
    text.setAttribute("aria-activedescendant", `choice${chosen}`);
    choices.children[chosen].scrollIntoView({ block: "nearest" });
  };
  const begun = () => /[\p{L}\d_.]*$/u.exec(text.value.slice(0, text.selectionStart))[0];
  const offer = async (always) => {
    if (!can?.completionProvider) return;
    const caret = text.selectionStart, word = begun();
    if (!always && word.length < 2) return hide();
    const told = await ask("textDocument/completion", { ...document_, position: place(caret) });
    if (caret !== text.selectionStart) return;
    const last = word.split(".").at(-1).toLowerCase();
    const fits = ({ filterText, label }) => (filterText ?? label).toLowerCase().split(".").at(-1).startsWith(last) || (filterText ?? label).toLowerCase().startsWith(word.toLowerCase());
    offered = (told?.items ?? told ?? []).filter(fits).sort((one, other) => (one.sortText ?? one.label) < (other.sortText ?? other.label) ? -1 : 1).slice(0, 50);
    if (!offered.length || (!always && offered.length === 1 && offered[0].label === word)) return hide();
    chosen = -1;
    choices.replaceChildren(...offered.map(({ label, detail }, index) => {
      const item = document.createElement("li");
      item.id = `choice${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = label;
      if (detail) { const more = document.createElement("span"); more.className = "small"; more.textContent = ` ${detail}`; item.append(more); }
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
      return item;
    }));
    const { line, character } = place(caret - word.length);
    const style = getComputedStyle(text), high = Number.parseFloat(style.lineHeight);
    const top = Number.parseFloat(style.paddingTop) + line * high - text.scrollTop;
    choices.style.setProperty("left", `calc(${style.paddingLeft} + ${character}ch - ${text.scrollLeft}px)`);
    choices.hidden = false;
    // Where there is no room below the line, they stand above it.
    const tall = choices.offsetHeight, from = code.getBoundingClientRect().top + top;
    const isAbove = from + high + tall > document.documentElement.clientHeight && from - tall >= 0;
    choices.style.setProperty("top", `${isAbove ? top - tall : top + high}px`);
    if (!isAbove) choices.scrollIntoView({ block: "nearest" });
  };
  const take = (index) => {
    const { label, insertText, textEdit } = offered[index];
    const caret = text.selectionStart;
    const range = textEdit?.range ?? textEdit?.replace;
    const [from, to] = range ? [offset(range.start), Math.max(offset(range.end), caret)] : [caret - begun().length, caret];
    hide();
    insert(from, to, textEdit?.newText ?? insertText ?? label);
  };

  // ── Keys and time ───────────────────────────────────────────────────────────
  const later = (wait, work) => { let timer; return (...with_) => { clearTimeout(timer); timer = setTimeout(work, wait, ...with_); }; };
  const changed = later(120, () => {
    settle();
    colour();
    if (document.activeElement === text && text.selectionStart === text.selectionEnd) offer(false);
  });
  text.addEventListener("input", () => { draw(false); hide(); unsaid = Boolean(can); if (can) changed(); });
  text.addEventListener("scroll", () => { follow(); hide(); });
  text.addEventListener("blur", hide);
  new ResizeObserver(follow).observe(text);
  const explain = later(350, async () => {
    const caret = text.selectionStart;
    if (!can?.hoverProvider || document.activeElement !== text) return;
    const told = await ask("textDocument/hover", { ...document_, position: place(caret) });
    if (caret !== text.selectionStart) return;
    const said = told?.contents?.value ?? told?.contents ?? "";
    about.textContent = (typeof said === "string" ? said : "").replace(/```\w*\n?/g, "").trim().slice(0, 600);
  });
  document.addEventListener("selectionchange", () => { if (document.activeElement === text) explain(); });
  text.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); offer(true); return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); return; }
    if (event.key.toLowerCase() === "f" && event.shiftKey && event.altKey) { event.preventDefault(); format(); return; }
    if (choices.hidden) return;
    const steps = { ArrowDown: chosen + 1, ArrowUp: chosen < 0 ? -1 : chosen - 1 };
    if (event.key in steps) { event.preventDefault(); point(steps[event.key]); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); hide(); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(chosen); }
    else if (event.key === "Tab" && !event.shiftKey) { event.preventDefault(); take(Math.max(chosen, 0)); }
  });
  const format = async () => {
    const edits = await ask("textDocument/formatting", { ...document_, options: { tabSize: 2, insertSpaces: true } });
    for (const { range, newText } of (edits ?? []).sort((one, other) => offset(other.range.start) - offset(one.range.start))) {
      insert(offset(range.start), offset(range.end), newText);
    }
  };
  at("format").addEventListener("click", format);

  // ── Leaving ─────────────────────────────────────────────────────────────────
  // What was compared is shown and not yet at work: that is changed, too.
  let sent = false;
  const isChanged = () => "unsaved" in form.dataset || text.value !== text.defaultValue;
  document.addEventListener("submit", (event) => { sent = !event.defaultPrevented; });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("beforeunload", (event) => { if (!sent && isChanged()) event.preventDefault(); });
  connect();
})();
