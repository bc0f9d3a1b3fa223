package org.ratescope.figure.svg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.ratescope.figure.Outline;
import org.ratescope.io.Resources;
import org.ratescope.spec.RunField;
import org.ratescope.spec.RunFields;

class TypefaceTest {

  /** The same file unpacked into the form java.awt reads, as an independent reader of the font. */
  private static byte[] unpacked(byte[] woff) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(woff);
    int count = in.getShort(12);
    Map<Integer, byte[]> tables = new TreeMap<>();
    for (int t = 0; t < count; t++) {
      int entry = 44 + 20 * t;
      byte[] bytes = new byte[in.getInt(entry + 12)];
      int packed = in.getInt(entry + 8);
      if (packed == bytes.length) {
        System.arraycopy(woff, in.getInt(entry + 4), bytes, 0, packed);
      } else {
        Inflater inflater = new Inflater();
        inflater.setInput(woff, in.getInt(entry + 4), packed);
        assertThat(inflater.inflate(bytes)).isEqualTo(bytes.length);
        inflater.end();
      }
      tables.put(in.getInt(entry), bytes);
    }
    int size = 12 + 16 * count;
    for (byte[] table : tables.values()) {
      size += (table.length + 3) / 4 * 4;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putInt(0x00010000).putShort((short) count).putShort((short) 256).putShort((short) 4);
    out.putShort((short) (count * 16 - 256));
    int offset = 12 + 16 * count;
    int entry = 12;
    for (Map.Entry<Integer, byte[]> table : tables.entrySet()) {
      out.putInt(entry, table.getKey()).putInt(entry + 8, offset);
      out.putInt(entry + 12, table.getValue().length);
      out.put(offset, table.getValue());
      offset += (table.getValue().length + 3) / 4 * 4;
      entry += 16;
    }
    return out.array();
  }

  private static Font awt() throws Exception {
    byte[] file = unpacked(Resources.bytes(Typeface.class, "fonts/inter-latin-400-normal.woff"));
    try {
      return Font.createFont(Font.TRUETYPE_FONT, new ByteArrayInputStream(file)).deriveFont(100f);
    } catch (LinkageError | RuntimeException e) {
      Assumptions.abort("java.awt has no fonts on this machine: " + e);
      throw e;
    }
  }

  private static final FontRenderContext EXACT =
      new FontRenderContext(new AffineTransform(), true, true);

  @Test
  void measuresCharactersAsJavaDoes() throws Exception {
    Font font = awt();
    for (String text : new String[] {"R", "i", "W", "0", "−", "é", "–", "%"}) {
      double expected = font.createGlyphVector(EXACT, text).getGlyphMetrics(0).getAdvanceX();
      assertThat(Typeface.REGULAR.width(text, 100)).as(text).isCloseTo(expected, within(0.1));
    }
  }

  @Test
  void outlinesHaveTheBoxesJavaDraws() throws Exception {
    Font font = awt();
    for (String text : new String[] {"R", "g", "8", "é", "@"}) {
      Rectangle2D expected = font.createGlyphVector(EXACT, text).getGlyphOutline(0).getBounds2D();
      Rectangle2D box = Outline.of(Typeface.REGULAR.outline(text, 0, 0, 100)).getBounds2D();
      assertThat(box.getX()).as(text).isCloseTo(expected.getX(), within(0.2));
      assertThat(box.getY()).as(text).isCloseTo(expected.getY(), within(0.2));
      assertThat(box.getWidth()).as(text).isCloseTo(expected.getWidth(), within(0.3));
      assertThat(box.getHeight()).as(text).isCloseTo(expected.getHeight(), within(0.3));
    }
  }

  @Test
  void takesGreekLettersFromTheGreekFile() {
    double box = Typeface.REGULAR.width("\uE000", 10);
    assertThat(Typeface.REGULAR.width("β", 10)).isBetween(5.0, 7.0).isNotEqualTo(box);
  }

  /**
   * The specifications and queries of figures, here and in the studies, and what a run's fields
   * write; also the signs of relations, which users write into titles.
   */
  @Test
  void everyCharacterOfAFigureHasAGlyph() throws IOException {
    StringBuilder texts = new StringBuilder("≤≥≠≈→√∞²₁⁻⁴Σ");
    for (String folder : List.of("src/main/resources/org/ratescope", "../studies")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(sql|json|yaml)")).toList()) {
          texts.append(Files.readString(file));
        }
      }
    }
    for (RunField<?> field : RunFields.ALL) {
      texts.append(field.title()).append(field.phrase());
    }
    Set<Integer> missing = new TreeSet<>();
    for (Typeface typeface : List.of(Typeface.REGULAR, Typeface.BOLD)) {
      String box = typeface.outline("\uE000", 0, 0, 100);
      texts
          .codePoints()
          .filter(character -> !Character.isISOControl(character))
          .distinct()
          .filter(c -> typeface.outline(Character.toString(c), 0, 0, 100).equals(box))
          .forEach(missing::add);
    }
    assertThat(missing.stream().map(Character::toString)).isEmpty();
  }

  @Test
  void knowsCssWeights() {
    assertThat(Typeface.ofWeight("bold")).isSameAs(Typeface.BOLD);
    assertThat(Typeface.ofWeight("600")).isSameAs(Typeface.BOLD);
    assertThat(Typeface.ofWeight("normal")).isSameAs(Typeface.REGULAR);
    assertThat(Typeface.ofWeight("")).isSameAs(Typeface.REGULAR);
    assertThat(Typeface.BOLD.width("distortion", 10))
        .isGreaterThan(Typeface.REGULAR.width("distortion", 10));
  }

  @Test
  void widthIsProportionalToSizeAndAddsUp() {
    double one = Typeface.REGULAR.width("Rate", 11);
    assertThat(Typeface.REGULAR.width("Rate", 22)).isCloseTo(2 * one, within(1e-9));
    assertThat(Typeface.REGULAR.width("RateRate", 11)).isCloseTo(2 * one, within(1e-9));
  }
}
