// Before the first paint, so that no light page flashes up in a dark room.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem("marketmover-scheme");
  } catch {
    kept = null; // a browser that keeps nothing follows the system
  }
  var dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
