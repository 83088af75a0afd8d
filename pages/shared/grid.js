export default ({ parentElement, data, setTriggerValue }) => {
  const root = parentElement.querySelector(".ps-products");
  root.className = `ps-products ${data.look}`;
  if (!root.onclick) root.addEventListener("error", event => event.target.remove(), true);  // its letter stands behind
  if (root.shown !== data.html) root.innerHTML = root.shown = data.html;
  const catalog = new URLSearchParams(location.search).get("catalog");
  const chosen = chosenOf(catalog);
  showChosen(root, chosen);
  root.onchange = event => {
    if (!event.target.matches(".ps-choose")) return;
    chosen[event.target.checked ? "add" : "delete"](event.target.closest("article").dataset.sku);
    showChosen(root, chosen);
  };
  for (const link of root.querySelectorAll("a[data-open]"))
    link.href = "?" + new URLSearchParams({ ...(catalog && { catalog }), product: link.dataset.open });
  root.onclick = event => {
    const button = event.target.closest("button"), link = event.target.closest("a[data-open]");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      setTriggerValue("opened", link.dataset.open);
    }
    if (!button) return;
    if (button.dataset.action) setTriggerValue("pressed",
      { sku: button.closest("article").dataset.sku, action: Number(button.dataset.action) });
    if (button.dataset.bulk) setTriggerValue("bulk", { action: Number(button.dataset.bulk), skus: [...chosen] });
    if (button.dataset.choose) {
      if (button.dataset.choose === "none") chosen.clear();
      else for (const card of root.querySelectorAll("article")) chosen.add(card.dataset.sku);
      showChosen(root, chosen);
    }
    if (button.dataset.copy) copy(button);
    if (button.dataset.picture) root.querySelector(".pp-main img").src = button.querySelector("img").src;
    for (const menu of root.querySelectorAll("details[open]")) menu.open = false;
  };
  root.onfocusout = event => {
    const menu = event.target.closest("details");
    if (menu && !menu.contains(event.relatedTarget)) menu.open = false;
  };
};
const chosenOf = catalog => {  // of the window: a grid comes and goes with the page of a list
  if (window.prodsimChosen?.catalog !== catalog) window.prodsimChosen = { catalog, skus: new Set() };
  return window.prodsimChosen.skus;
};
const showChosen = (root, chosen) => {
  const bar = root.querySelector(".ps-bulk");
  if (!bar) return;
  for (const box of root.querySelectorAll(".ps-choose"))
    box.checked = chosen.has(box.closest("article").dataset.sku);
  bar.hidden = !chosen.size;
  const count = bar.querySelector("[data-count]");
  count.textContent = count.dataset.count.replace("{n}", chosen.size.toLocaleString(document.documentElement.lang));
};
const copy = async button => {
  const text = button.dataset.copy;
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else {  // a page that did not come encrypted
    const field = Object.assign(document.createElement("textarea"), { value: text });
    button.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  const icon = button.querySelector(".ps-icon"), before = icon.textContent;
  icon.textContent = "check";
  setTimeout(() => icon.textContent = before, 1500);
};
