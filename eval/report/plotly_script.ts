/**
 * The text of plotly.js, of its smallest distribution, which knows points,
 * lines and bars. It needs a window, so it can't be imported here.
 */

// Tells Deno that the package is needed: it is installed, and then found.
import "plotly.js-basic-dist-min/package.json" with { type: "json" };

/** A script that defines `Plotly`, as it may stand in a page. */
export async function plotlyScript(): Promise<string> {
  const url = import.meta.resolve(
    "plotly.js-basic-dist-min/plotly-basic.min.js",
  );
  const text = await Deno.readTextFile(new URL(url));
  // Within a script only these could end it, or hide its end.
  return text.replaceAll("</script", "<\\/script")
    .replaceAll("<!--", "<\\!--");
}
