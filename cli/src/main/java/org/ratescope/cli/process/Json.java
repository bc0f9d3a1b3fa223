package org.ratescope.cli.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.List;

/** Plain values (maps, lists, texts, numbers) as JSON for scripts. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  /** Prints entries as texts: one on each line, or as a JSON array. */
  public static void print(PrintWriter out, List<?> entries, boolean json) {
    List<String> texts = entries.stream().map(String::valueOf).toList();
    if (json) {
      out.println(text(texts));
    } else {
      texts.forEach(out::println);
    }
  }

  public static String text(Object plain) {
    try {
      return MAPPER.writeValueAsString(plain);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can always be written", e);
    }
  }
}
