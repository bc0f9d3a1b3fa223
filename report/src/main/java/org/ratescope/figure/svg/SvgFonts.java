package org.ratescope.figure.svg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.fontbox.ttf.TTFSubsetter;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * An SVG that has the used glyphs of Inter in it, so that its text looks the same, and has the
 * width that was measured, on machines that lack the typeface.
 */
public final class SvgFonts {
  private SvgFonts() {}

  /** The characters of a weight that one of its fonts draws. */
  private record Used(String weight, TrueTypeFont font) {}

  /** The same drawing with a {@code @font-face} rule for each font that it uses. */
  public static String embedded(String svg) {
    Document drawing = TextToPaths.parse(svg);
    Map<Used, TreeSet<Integer>> characters = new LinkedHashMap<>();
    NodeList texts = drawing.getElementsByTagName("text");
    for (int i = 0; i < texts.getLength(); i++) {
      for (TextToPaths.Line line : TextToPaths.lines((Element) texts.item(i))) {
        String weight = line.typeface() == Typeface.BOLD ? "600 900" : "100 500";
        for (Typeface.Stretch stretch : line.typeface().stretches(line.text())) {
          TreeSet<Integer> used =
              characters.computeIfAbsent(new Used(weight, stretch.font()), u -> new TreeSet<>());
          stretch.text().codePoints().forEach(used::add);
        }
      }
    }
    int head = svg.indexOf('>', svg.indexOf("<svg")) + 1;
    String rules =
        characters.entrySet().stream()
            .map(entry -> rule(entry.getKey(), List.copyOf(entry.getValue())))
            .collect(Collectors.joining());
    return rules.isEmpty()
        ? svg
        : svg.substring(0, head) + "<style>" + rules + "</style>" + svg.substring(head);
  }

  private static String rule(Used used, List<Integer> characters) {
    String range = characters.stream().map("U+%X"::formatted).collect(Collectors.joining(","));
    return "@font-face{font-family:Inter;font-weight:%s;unicode-range:%s;src:url(data:font/ttf;base64,%s)}"
        .formatted(
            used.weight(), range, Base64.getEncoder().encodeToString(subset(used, characters)));
  }

  private static byte[] subset(Used used, List<Integer> characters) {
    try {
      TTFSubsetter subsetter = new TTFSubsetter(used.font());
      characters.forEach(subsetter::add);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      subsetter.writeToStream(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
