package org.ratescope.figure.svg;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.view.ViewBox;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.PDExtendedGraphicsState;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.util.Matrix;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * SVG in, PDF out: one page of the drawing's size, shapes as vectors, and text as text, with the
 * used glyphs of Inter embedded. The same drawing gives the same bytes.
 */
public final class PdfWriter {
  private static final Pattern STEP = Pattern.compile("(translate|rotate|scale)\\(([^)]*)\\)");

  private static final Pattern RGB =
      Pattern.compile("rgb\\((\\d{1,3}), *(\\d{1,3}), *(\\d{1,3})\\)");

  private static final int ROUND = 1; // line join

  private final PDDocument document = new PDDocument();
  private final Map<TrueTypeFont, PDFont> fonts = new HashMap<>();

  private PdfWriter() {}

  /**
   * The page.
   *
   * @param svg what Vega drew
   * @param title the document's title
   * @param width width of the page in points, 1/72 inch
   */
  public static byte[] pdf(String svg, String title, double width) {
    PdfWriter writer = new PdfWriter();
    try (writer.document) {
      return writer.write(svg, title, width);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] write(String svg, String title, double width) throws IOException {
    Document drawing = TextToPaths.parse(svg);
    List<Element> texts = new ArrayList<>();
    NodeList found = drawing.getElementsByTagName("text");
    for (int i = 0; i < found.getLength(); i++) {
      texts.add((Element) found.item(i));
    }
    Map<Element, AffineTransform> places = new HashMap<>();
    texts.forEach(text -> places.put(text, place(text)));
    texts.forEach(text -> text.getParentNode().removeChild(text));
    SVGDocument shapes = SvgRasterizer.document(TextToPaths.text(drawing));
    double scale = width / shapes.size().width;
    double height = shapes.size().height * scale;
    PDPage page = new PDPage(new PDRectangle((float) width, (float) height));
    document.addPage(page);
    describe(title);
    PdfBoxGraphics2D graphics =
        new PdfBoxGraphics2D(document, shapes.size().width, shapes.size().height);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    shapes.render(
        (java.awt.Component) null,
        graphics,
        new ViewBox(0, 0, shapes.size().width, shapes.size().height));
    graphics.dispose();
    try (PDPageContentStream content = new PDPageContentStream(document, page)) {
      content.saveGraphicsState();
      content.transform(Matrix.getScaleInstance((float) scale, (float) scale));
      content.drawForm(graphics.getXFormObject());
      content.restoreGraphicsState();
      AffineTransform paper = new AffineTransform(scale, 0, 0, -scale, 0, height);
      for (Element text : texts) {
        AffineTransform at = new AffineTransform(paper);
        at.concatenate(places.getOrDefault(text, new AffineTransform()));
        show(text, at, content);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    document.setDocumentId(0L);
    document.save(out);
    return out.toByteArray();
  }

  private void describe(String title) {
    PDDocumentInformation about = new PDDocumentInformation();
    about.setTitle(title);
    about.setCreator("Ratescope");
    Calendar never = Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    never.setTimeInMillis(0);
    about.setCreationDate(never);
    document.setDocumentInformation(about);
  }

  /** From the coordinates of an element to those of the drawing. */
  static AffineTransform place(Element element) {
    AffineTransform place = new AffineTransform();
    for (Node node = element; node instanceof Element e; node = node.getParentNode()) {
      place.preConcatenate(transform(e.getAttribute("transform")));
    }
    return place;
  }

  private static AffineTransform transform(String text) {
    AffineTransform all = new AffineTransform();
    Matcher step = STEP.matcher(text);
    while (step.find()) {
      String[] parts = step.group(2).trim().split("[ ,]+", -1);
      double first = Double.parseDouble(parts[0]);
      double second = parts.length > 1 ? Double.parseDouble(parts[1]) : Double.NaN;
      switch (step.group(1)) {
        case "translate" -> all.translate(first, Double.isNaN(second) ? 0 : second);
        case "scale" -> all.scale(first, Double.isNaN(second) ? first : second);
        default -> all.rotate(Math.toRadians(first));
      }
    }
    return all;
  }

  private void show(Element text, AffineTransform at, PDPageContentStream content)
      throws IOException {
    double opacity = opacity(text);
    if (opacity == 0) {
      return;
    }
    PDExtendedGraphicsState state = new PDExtendedGraphicsState();
    state.setNonStrokingAlphaConstant((float) opacity);
    content.setGraphicsStateParameters(state);
    content.setNonStrokingColor(colour(text.getAttribute("fill")));
    boolean halo = text.getAttribute("stroke").startsWith("#");
    if (halo) {
      content.setStrokingColor(colour(text.getAttribute("stroke")));
      content.setLineWidth(
          (float)
              (number(text.getAttribute("stroke-width"))
                  * Math.sqrt(Math.abs(at.getDeterminant()))));
      content.setLineJoinStyle(ROUND);
    }
    content.setRenderingMode(halo ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
    for (TextToPaths.Line line : TextToPaths.lines(text)) {
      show(line, at, content);
    }
  }

  private void show(TextToPaths.Line line, AffineTransform at, PDPageContentStream content)
      throws IOException {
    double x = line.x();
    for (Typeface.Stretch stretch : line.typeface().stretches(line.text())) {
      Point2D start = at.transform(new Point2D.Double(x, line.y()), null);
      AffineTransform letters =
          new AffineTransform(
              at.getScaleX(),
              at.getShearY(),
              -at.getShearX(),
              -at.getScaleY(),
              start.getX(),
              start.getY());
      content.beginText();
      content.setFont(font(stretch.font()), (float) line.size());
      content.setTextMatrix(new Matrix(letters));
      content.showText(stretch.text());
      content.endText();
      x += line.typeface().width(stretch.text(), line.size());
    }
  }

  /** The font in the document, once, with the glyphs that are used. */
  private PDFont font(TrueTypeFont font) throws IOException {
    PDFont known = fonts.get(font);
    if (known == null) {
      known = PDType0Font.load(document, font, true);
      fonts.put(font, known);
    }
    return known;
  }

  /** The product of all opacities from the text to the drawing. */
  static double opacity(Element text) {
    double opacity = number(text.getAttribute("fill-opacity"));
    for (Node node = text; node instanceof Element e; node = node.getParentNode()) {
      opacity *= number(e.getAttribute("opacity"));
    }
    return opacity;
  }

  private static double number(String text) {
    return text.isEmpty() ? 1 : Double.parseDouble(text);
  }

  /**
   * A colour as Vega writes it: {@code #rrggbb}, {@code rgb(r, g, b)} or white; others are black.
   */
  static Color colour(String fill) {
    Matcher rgb = RGB.matcher(fill);
    if (rgb.matches()) {
      return new Color(part(rgb.group(1)), part(rgb.group(2)), part(rgb.group(3)));
    }
    if (fill.equals("white")) {
      return Color.WHITE;
    }
    return fill.matches("#[0-9a-fA-F]{6}") ? Color.decode(fill) : Color.BLACK;
  }

  private static int part(String number) {
    return Math.min(255, Integer.parseInt(number));
  }
}
