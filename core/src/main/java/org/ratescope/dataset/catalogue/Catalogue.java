package org.ratescope.dataset.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.yaml.StudyFileException;

/**
 * The data sets that can be got: what their files hold, and which mirrors have them. The built-in
 * one can be extended by YAML files of the same form; see docs/data-get.md.
 */
public final class Catalogue {
  /** The name of the file with the user's sets, in the data folder. */
  public static final String OWN = "datasets.yaml";

  private static final String BUILT_IN = "datasets.yaml";

  private final Map<String, KnownSet> sets;

  private Catalogue(Map<String, KnownSet> sets) {
    this.sets = Collections.unmodifiableMap(sets);
  }

  private static final class Holder {
    static final Catalogue INSTANCE = read();
  }

  /** The catalogue that comes with Ratescope. */
  public static Catalogue builtIn() {
    return Holder.INSTANCE;
  }

  private static Catalogue read() {
    try (InputStream in = Catalogue.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks its file " + BUILT_IN);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Catalogue(CatalogueReader.parse(BUILT_IN, text, Map.of()));
    } catch (IOException e) {
      throw new UncheckedIOException("the built-in " + BUILT_IN, e);
    }
  }

  /**
   * This catalogue with what a file adds: sets of one's own, and more mirrors for sets that are
   * known. What is known about a file's content cannot be replaced.
   *
   * @throws StudyFileException naming file, line, key, what came and what is allowed
   */
  public Catalogue with(Path file) throws StudyFileException {
    Map<String, KnownSet> merged = new LinkedHashMap<>(sets);
    merged.putAll(CatalogueReader.read(file, sets));
    return new Catalogue(merged);
  }

  /** All sets, the built-in ones first. */
  public List<KnownSet> sets() {
    return List.copyOf(sets.values());
  }

  /** The set of that name, if there is one. */
  public Optional<KnownSet> set(String name) {
    return Optional.ofNullable(sets.get(name));
  }
}
