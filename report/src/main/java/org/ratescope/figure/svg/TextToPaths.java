package org.ratescope.figure.svg;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** An SVG whose text elements have become paths with the bundled typeface's outlines. */
final class TextToPaths {
  private static final List<String> KEPT =
      List.of(
          "transform",
          "fill",
          "opacity",
          "fill-opacity",
          "stroke",
          "stroke-width",
          "stroke-linejoin",
          "class");
  private static final double DEFAULT_SIZE = 11;

  private TextToPaths() {}

  static String of(String svg) {
    Document document = parse(svg);
    NodeList texts = document.getElementsByTagName("text");
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < texts.getLength(); i++) {
      elements.add((Element) texts.item(i));
    }
    elements.forEach(text -> text.getParentNode().replaceChild(path(document, text), text));
    return text(document);
  }

  /** The elements of what Vega drew. */
  static Document parse(String svg) {
    try {
      DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
      builders.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      builders.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return builders.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("what Vega drew is no SVG: " + e.getMessage(), e);
    }
  }

  static String text(Document document) {
    try {
      Transformer transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter out = new StringWriter();
      transformer.transform(new DOMSource(document), new StreamResult(out));
      return out.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("a document can always be written", e);
    }
  }

  private static Element path(Document document, Element text) {
    Element path = document.createElement("path");
    for (String name : KEPT) {
      if (text.hasAttribute(name)) {
        path.setAttribute(name, text.getAttribute(name));
      }
    }
    StringBuilder data = new StringBuilder();
    for (Line line : lines(text)) {
      data.append(line.typeface.outline(line.text, line.x, line.y, line.size));
    }
    path.setAttribute("d", data.toString());
    return path;
  }

  /**
   * A line of text.
   *
   * @param x where it starts, in the coordinates of its element
   * @param y its baseline
   * @param size its font size
   */
  record Line(String text, double x, double y, double size, Typeface typeface) {}

  /** The lines of a text element. */
  static List<Line> lines(Element text) {
    NodeList spans = text.getElementsByTagName("tspan");
    List<Line> lines = new ArrayList<>();
    double y = 0;
    for (int i = 0; i < spans.getLength(); i++) {
      Element span = (Element) spans.item(i);
      y += number(span, "dy", 0);
      lines.add(line(text, span.getTextContent(), number(span, "x", 0), y));
    }
    if (spans.getLength() == 0) {
      lines.add(line(text, text.getTextContent(), number(text, "x", 0), number(text, "y", 0)));
    }
    return lines;
  }

  private static Line line(Element text, String content, double x, double y) {
    Typeface typeface = Typeface.ofWeight(text.getAttribute("font-weight"));
    double size = number(text, "font-size", DEFAULT_SIZE);
    double shift =
        switch (text.getAttribute("text-anchor")) {
          case "middle" -> 0.5;
          case "end" -> 1;
          default -> 0;
        };
    double start = x - shift * typeface.width(content, size);
    return new Line(content, start, y, size, typeface);
  }

  private static double number(Element element, String attribute, double otherwise) {
    String value = element.getAttribute(attribute).toLowerCase(Locale.ROOT).replace("px", "");
    return value.isEmpty() ? otherwise : Double.parseDouble(value);
  }
}
