/* Small helps for pages that work without them. */
(() => {
  const each = (root, selector, act) => {
    if (root.matches && root.matches(selector)) act(root);
    root.querySelectorAll(selector).forEach(act);
  };

  const pick = (select) => {
    if (select.tomselect || !window.TomSelect) return;
    const picker = new window.TomSelect(select, {
      valueField: "id",
      labelField: "name",
      searchField: [],
      maxOptions: 50,
      refreshThrottle: 0, // a late refresh would take the focus back from the next field
      onType(words) {
        if (!words) return;
        this.clearOptions(); // what was offered before does not fit these words
        this.refreshOptions();
      },
      load(words, done) {
        fetch(select.dataset.ts + (select.dataset.ts.includes("?") ? "&" : "?") + "q=" + encodeURIComponent(words))
          .then((answer) => answer.json())
          .then((found) => done(found.results))
          .catch(() => done());
      },
      render: {
        option: (row, escape) =>
          `<div>${escape(row.name)}${row.detail ? `<div class="fb-soft fb-small">${escape(row.detail)}</div>` : ""}</div>`,
        no_results: () => '<div class="no-results">Nothing found. Try fewer letters.</div>',
        loading: () => '<div class="no-results">Loading…</div>',
      },
    });
    ["aria-describedby", "aria-invalid"].forEach((name) => {
      if (select.hasAttribute(name)) picker.control_input.setAttribute(name, select.getAttribute(name));
    });
    select.setAttribute("aria-hidden", "true");
  };

  const keepFold = (fold) => {
    const key = "fold:" + fold.dataset.keep;
    const kept = localStorage.getItem(key);
    if (kept !== null && !fold.querySelector(".has-error")) fold.open = kept === "1";
    fold.addEventListener("toggle", () => localStorage.setItem(key, fold.open ? "1" : "0"));
  };

  const bulk = (form) => {
    const bar = form.querySelector(".fb-bulk");
    const ticks = [...form.querySelectorAll("[data-tick]")];
    const all = form.querySelector("[data-tick-all]");
    const count = form.querySelector("[data-ticked]");
    const show = () => {
      const ticked = ticks.filter((tick) => tick.checked);
      if (bar) bar.hidden = ticked.length === 0;
      if (count) count.textContent = ticked.length.toLocaleString("en-GB");
      ticks.forEach((tick) => tick.closest("tr")?.classList.toggle("is-sel", tick.checked));
      if (all) all.checked = ticks.length > 0 && ticked.length === ticks.length;
    };
    form.addEventListener("change", (event) => {
      if (event.target === all) ticks.forEach((tick) => (tick.checked = all.checked));
      show();
    });
    show();
  };

  const start = (root) => {
    each(root, "select[data-ts]", pick);
    each(root, "details[data-keep]", keepFold);
    each(root, "form[data-bulk]", bulk);
    root.querySelector(".fb-errors")?.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest('.fb-errors a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.closest("details:not([open])")?.setAttribute("open", "");
      (field.tomselect || field).focus();
    }
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* Nothing that was kept on a shared device outlives the session. */
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) localStorage.clear();
  });

  /* A poll swaps its part every two seconds; what is read aloud changes at most every ten. */
  let spokenAt = 0;
  document.addEventListener("htmx:afterSwap", () => {
    const region = document.querySelector("[data-said]");
    const sentence = document.querySelector("[data-say]");
    if (!region || !sentence) return;
    const ended = !document.getElementById("job-progress");
    if (!ended && Date.now() - spokenAt < 10000) return;
    spokenAt = Date.now();
    region.textContent = sentence.textContent.trim();
  });

  start(document);
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
})();
