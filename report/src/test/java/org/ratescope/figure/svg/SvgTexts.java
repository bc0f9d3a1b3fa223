package org.ratescope.figure.svg;

import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The texts of a drawing with the boxes of their letters, for tests of overlaps. */
public final class SvgTexts {
  /** Height of capital letters and digits of Inter, as a part of the font size. */
  private static final double CAPITALS = 0.73;

  private SvgTexts() {}

  /**
   * A visible line of text.
   *
   * @param area where its letters are, in the drawing's units
   * @param halo whether it is the ground below another text
   */
  public record Box(String text, Rectangle2D area, boolean halo) {}

  /** All visible lines of text that are not empty. */
  public static List<Box> of(String svg) {
    Document drawing = TextToPaths.parse(svg);
    NodeList texts = drawing.getElementsByTagName("text");
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      AffineTransform place = PdfWriter.place(text);
      for (TextToPaths.Line line : TextToPaths.lines(text)) {
        if (!line.text().isBlank() && line.size() > 0 && PdfWriter.opacity(text) > 0) {
          Rectangle2D letters =
              new Rectangle2D.Double(
                  line.x(),
                  line.y() - CAPITALS * line.size(),
                  line.typeface().width(line.text(), line.size()),
                  CAPITALS * line.size());
          boxes.add(
              new Box(
                  line.text(),
                  place.createTransformedShape(letters).getBounds2D(),
                  text.getAttribute("stroke").startsWith("#")));
        }
      }
    }
    return boxes;
  }
}
