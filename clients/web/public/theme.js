// Before anything is painted: whoever chose light or dark sees nothing else first. A file of its
// own, since the pages allow no scripts inside them. The name is the one in src/app/theme.ts.
try {
  const theme = localStorage.getItem("hubbub.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows what the system says.
}
