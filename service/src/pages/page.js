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
      if (!button) return;
      event.preventDefault();
      button.click();
      button.parentElement.querySelector("textarea, input:not([type=hidden])")?.focus();
    }
  });
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
    const focused = here()?.dataset.question;
    for (const part of ["main", "nav"]) document.querySelector(part).replaceWith(fresh.querySelector(part));
    if (focused) document.querySelector(`[data-question="${focused}"]`)?.focus();
  });
})();
