/* Small helps for pages that work without them. */
(() => {
  const each = (root, selector, act) => {
    if (root.matches && root.matches(selector)) act(root);
    root.querySelectorAll(selector).forEach(act);
  };

  const make = (tag, marks = {}, ...inside) => {
    const made = document.createElement(tag);
    Object.entries(marks).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...inside);
    return made;
  };

  /* Asks an address what words find; a question that a later one overtakes is given up. */
  const asker = (address) => {
    let asked = new AbortController();
    const ask = (words) => {
      ask.stop();
      asked = new AbortController();
      const query = (address.includes("?") ? "&" : "?") + "q=" + encodeURIComponent(words);
      return fetch(address + query, { signal: asked.signal })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
        .then((found) => found.results);
    };
    ask.stop = () => asked.abort();
    return ask;
  };

  const line = (row) => {
    const made = make("div", {}, row.name);
    if (row.mark) made.append(" ", make("span", { class: "fb-tag fb-tag--accent" }, row.mark));
    if (row.detail) made.append(make("div", { class: "fb-soft fb-small" }, row.detail));
    return made;
  };

  const pick = (select) => {
    if (select.tomselect || !window.TomSelect) return;
    const ask = asker(select.dataset.ts);
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
        ask(words).then(done, () => done());
      },
      render: {
        option: line,
        no_results: () => '<div class="no-results">Nothing found. Try fewer letters.</div>',
        loading: () => '<div class="no-results">Loading…</div>',
      },
    });
    ["aria-describedby", "aria-invalid"].forEach((name) => {
      if (select.hasAttribute(name)) picker.control_input.setAttribute(name, select.getAttribute(name));
    });
    select.setAttribute("aria-hidden", "true");
  };

  /* A search field that offers what it finds while one types: the combobox of the ARIA practices.
     Whatever fails, the form that it stands in still searches. */
  const PAUSE = 150; // milliseconds
  const FEWEST = 2; // letters
  const suggest = (input) => {
    if (input.hasAttribute("aria-controls")) return;
    const ask = asker(input.dataset.suggest);
    const list = make("div", { id: `${input.id}-list`, class: "fb-suggest", role: "listbox", "aria-label": "Suggestions" });
    const said = make("div", { class: "visually-hidden", role: "status" });
    let options = [];
    let at = -1;
    let pause = 0;

    const mark = (place) => {
      options[at]?.setAttribute("aria-selected", "false");
      at = place;
      options[at]?.setAttribute("aria-selected", "true");
      options[at]?.scrollIntoView({ block: "nearest" });
      if (options[at]) input.setAttribute("aria-activedescendant", options[at].id);
      else input.removeAttribute("aria-activedescendant");
    };
    const open = (is) => {
      list.hidden = !is;
      input.setAttribute("aria-expanded", String(is));
      if (!is) mark(-1);
    };
    const close = () => {
      clearTimeout(pause);
      ask.stop();
      open(false);
    };
    const option = (row) => {
      const id = `${list.id}-${options.length}`;
      const made = make("a", { id, href: row.url, role: "option", tabindex: "-1", "aria-selected": "false" }, line(row));
      options.push(made);
      return made;
    };
    const group = (title, rows) =>
      make("div", { role: "group", "aria-label": title }, make("div", { "aria-hidden": "true" }, title), ...rows.map(option));
    const show = (rows, words) => {
      mark(-1);
      options = [];
      const titles = [...new Set(rows.map((row) => row.group))];
      const all = `${input.form.action}?${input.name}=${encodeURIComponent(words)}`;
      list.replaceChildren(
        ...titles.map((title) => group(title, rows.filter((row) => row.group === title))),
        option({ name: `See everything with “${words}”`, url: all })
      );
      said.textContent = rows.length ? `Suggestions: ${rows.length}. Use the arrow keys.` : "No suggestions";
      open(rows.length > 0);
    };
    const fail = (reason) => {
      if (reason.name === "AbortError") return;
      said.textContent = "No suggestions now. Press Enter to search.";
      open(false);
    };
    const offer = () => {
      const words = input.value.trim();
      if (words.length < FEWEST) close();
      else ask(words).then((rows) => show(rows, words)).catch(fail);
    };

    const keys = {
      ArrowDown: () => mark(at + 1 < options.length ? at + 1 : -1),
      ArrowUp: () => mark(at < 0 ? options.length - 1 : at - 1),
      Escape: close,
      Enter: () => options[at].click(),
    };
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
      if (list.hidden) return event.key === "ArrowDown" ? offer() : close();
      if (event.key === "Enter" && at < 0) return close();
      event.preventDefault();
      keys[event.key]();
    });
    input.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(offer, PAUSE);
    });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays
    list.addEventListener("click", close);

    const marks = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
    Object.entries(marks).forEach(([name, value]) => input.setAttribute(name, value));
    list.hidden = true;
    input.after(list, said);
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
    each(root, "input[data-suggest]", suggest);
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
