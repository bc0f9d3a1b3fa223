package org.ratescope.figure.svg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;

/**
 * An SVG that does nothing and asks for nothing when it is opened: without scripts, links, and
 * pictures or styles from elsewhere. What Vega draws from the specs of this project is so already
 * and stays byte for byte.
 */
public final class InertSvg {
  /** Whatever may have to go; most drawings have none of it and are not parsed. */
  private static final Pattern SUSPECT =
      Pattern.compile(
          "<(?:script|style|a|iframe|foreignobject|use|set|animate)\\b|\\son\\w+=|href=\"(?!data:image/)"
              + "|url\\((?!#)|image-set|\\\\",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ELSEWHERE =
      Pattern.compile("url\\((?!#)|image-set|@import|\\\\", Pattern.CASE_INSENSITIVE);
  private static final Set<String> REMOVED =
      Set.of("script", "style", "iframe", "foreignobject", "use", "set", "animate");

  private InertSvg() {}

  public static String of(String svg) {
    if (!SUSPECT.matcher(svg).find()) {
      return svg;
    }
    Document document = TextToPaths.parse(svg);
    List<Element> elements = new ArrayList<>();
    NodeList all = document.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      elements.add((Element) all.item(i));
    }
    boolean changed = false;
    for (Element element : elements) {
      changed |= disarm(element);
    }
    return changed ? TextToPaths.text(document) : svg;
  }

  /** Takes away what an element reaches for; whether there was anything. */
  private static boolean disarm(Element element) {
    if (REMOVED.contains(element.getTagName().toLowerCase(Locale.ROOT))) {
      element.getParentNode().removeChild(element);
      return true;
    }
    List<String> bad = new ArrayList<>();
    NamedNodeMap attributes = element.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      Attr attribute = (Attr) attributes.item(i);
      if (reaches(attribute.getName().toLowerCase(Locale.ROOT), attribute.getValue())) {
        bad.add(attribute.getName());
      }
    }
    bad.forEach(element::removeAttribute);
    return !bad.isEmpty();
  }

  private static boolean reaches(String name, String value) {
    if (name.startsWith("aria-")) {
      return false; // text
    }
    boolean link = name.equals("href") || name.endsWith(":href") || name.equals("src");
    return name.startsWith("on")
        || (link && !value.startsWith("data:image/"))
        || ELSEWHERE.matcher(value).find();
  }
}
