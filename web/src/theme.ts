import { type MantineColorSchemeManager, createTheme, localStorageColorSchemeManager } from "@mantine/core";

/** Colours dark enough on light, and light enough on dark, for words of any size (WCAG AA). */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  defaultRadius: "md",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
  components: {
    Anchor: { defaultProps: { underline: "always" } }, // colour alone does not tell a link from the words around it
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
  },
});

/** The choice is kept under the name that `public/scheme.js` reads before the first paint. */
export const schemeManager: MantineColorSchemeManager = localStorageColorSchemeManager({ key: "marketmover-scheme" });
