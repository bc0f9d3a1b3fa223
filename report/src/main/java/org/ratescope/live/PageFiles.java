package org.ratescope.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ratescope.figure.DrawnFigure;

/**
 * The files of the page, by path: a fixed list, read from the program's own jars. No path leads to
 * the file system.
 */
final class PageFiles {
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String JSON = "application/json; charset=utf-8";

  private final Map<String, PageFile> files = new HashMap<>();

  /** A file and its media type. */
  static final class PageFile {
    private final String type;
    private final byte[] bytes;

    private PageFile(String type, byte[] bytes) {
      this.type = type;
      this.bytes = bytes;
    }

    String type() {
      return type;
    }

    byte[] bytes() {
      return bytes.clone();
    }
  }

  PageFiles() {
    add("/", "text/html; charset=utf-8", "live.html");
    add("/live.js", SCRIPT, "live.js");
    add("/live.css", STYLE, "live.css");
    add(
        "/page.css",
        STYLE,
        "/org/ratescope/page/page.css"); // the report's file, for the same appearance
    for (String script : new String[] {"vega", "vega-lite", "vega-embed"}) {
      String name = script + ".min.js";
      add("/" + name, SCRIPT, "/org/ratescope/page/js/" + name);
    }
    for (String font : new String[] {"latin-400", "latin-600", "greek-400", "greek-600"}) {
      String resource = "/org/ratescope/figure/svg/fonts/inter-%s-normal.woff".formatted(font);
      add("/inter-" + font + ".woff", "font/woff", resource);
    }
    files.put("/themes.json", new PageFile(JSON, themes().getBytes(StandardCharsets.UTF_8)));
  }

  private static String themes() {
    return "{\"light\":%s,\"dark\":%s}"
        .formatted(DrawnFigure.theme("light"), DrawnFigure.theme("dark"));
  }

  private void add(String path, String type, String resource) {
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks its file " + resource);
      }
      files.put(path, new PageFile(type, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file at that path, if it exists. */
  Optional<PageFile> find(String path) {
    return Optional.ofNullable(files.get(path));
  }
}
