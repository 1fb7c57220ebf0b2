// Keys and news. Everything works without it.
(() => {
  "use strict";
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  const items = () => [...document.querySelectorAll("[data-question]")];
  const here = () => document.activeElement?.closest("[data-question]");
  const go = (by) => {
    const all = items();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "start" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing()) { document.activeElement.blur(); return; }
    if (typing()) return;
    if (event.key === "j") go(here() ? 1 : 0);
    else if (event.key === "k") go(-1);
    else if (event.key === "/") {
      event.preventDefault();
      const search = document.getElementById("search");
      if (search) search.focus(); else location.href = "/contacts";
    } else if ("acr".includes(event.key)) {
      // A key answers what is in focus, and nothing else.
      const button = here()?.querySelector(`[data-key="${event.key}"]`);
      // What is hidden, as a yes is while the words are changed, is answered by no key either.
      if (!button || button.offsetParent === null) return;
      event.preventDefault();
      button.click();
      button.parentElement.querySelector("textarea, input:not([type=hidden])")?.focus();
    }
  });
  // What is not easily undone is asked about once more. Whoever answers a question goes on with the one behind it.
  document.addEventListener("submit", (event) => {
    const asked = event.target.dataset.confirm;
    if (asked && !window.confirm(asked)) { event.preventDefault(); return; }
    const card = event.target.closest("[data-question]"), all = items();
    if (card) sessionStorage.setItem("behind", all[all.indexOf(card) + 1]?.dataset.question ?? "");
  });
  if (document.querySelector("[data-answered]")) {
    const behind = sessionStorage.getItem("behind"), all = items();
    const next = all.find((card) => card.dataset.question === behind) ?? all.at(-1);
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
  // What was just done is said once, and not again when the page is loaded again.
  const address = new URL(location.href);
  for (const said of ["answered", "done"]) address.searchParams.delete(said);
  if (address.href !== location.href) history.replaceState(null, "", address);
  // What was answered to a form is not looked at again.
  if (document.querySelector(".editor") || !document.querySelector("nav [aria-current]")) return;
  const news = new EventSource("/news");
  let seen;
  news.addEventListener("news", async (event) => {
    if (seen === undefined) { seen = event.data; return; }
    if (seen === event.data || typing() || document.querySelector("details[open]")) return;
    seen = event.data;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const all = items(), at = all.indexOf(here());
    // Where the question in focus is gone, the one behind it is next.
    const nearest = at < 0 ? [] : [...all.slice(at), ...all.slice(0, at).reverse()].map((card) => card.dataset.question);
    for (const part of ["main", "nav"]) document.querySelector(part).replaceWith(fresh.querySelector(part));
    const left = items();
    nearest.map((number) => left.find((card) => card.dataset.question === number)).find(Boolean)?.focus();
  });
})();
