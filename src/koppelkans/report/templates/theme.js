// Light or dark, before anything is drawn: what the reader chose, else what the system says. The choice is kept under
// the name that Quarto uses for its own pages; where nothing can be kept, it holds for this page.
(() => {
  "use strict";
  const KEY = "quarto-color-scheme"; // "alternate" is dark
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try { chosen = localStorage.getItem(KEY); } catch { /* storage is off */ }

  const isDark = () => (chosen ? chosen === "alternate" : system.matches);
  const show = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    for (const button of document.querySelectorAll(".theme-toggle")) button.setAttribute("aria-pressed", isDark());
  };

  show();
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll(".theme-toggle")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        chosen = isDark() ? "default" : "alternate";
        try { localStorage.setItem(KEY, chosen); } catch { /* storage is off */ }
        show();
      });
    }
    show();
  });
})();
