/* Logging an activity: the needs follow the school, "something else" shows its own field. */
(() => {
  document.querySelectorAll("[data-else]").forEach((group) => {
    const part = group.querySelector("[data-else-part]");
    const last = [...group.querySelectorAll("input[type=radio]")].pop();
    if (!part || !last) return;
    const show = () => {
      part.hidden = !last.checked && !part.querySelector(".has-error");
    };
    group.addEventListener("change", show);
    show();
  });

  const picker = document.querySelector("[data-school]");
  const select = picker && picker.querySelector("select");
  if (select) {
    select.addEventListener("change", () =>
      window.htmx.ajax("POST", picker.dataset.school, {
        source: select,
        target: "#about",
        swap: "outerHTML",
      })
    );
  }
})();
