package org.ratescope.figure;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.ratescope.record.DataPicture;
import org.ratescope.record.DataRecord;
import org.ratescope.record.Finding;
import org.ratescope.record.Histogram;
import org.ratescope.study.Analysis;
import org.ratescope.study.TableA2;

/** Data records on their way into the tables about data. */
final class DataRows implements AutoCloseable {
  private final Rows splits;
  private final Rows points;
  private final Rows summaries;
  private final Rows distances;
  private final Rows pictures;
  private final Rows sensitivity;

  DataRows(DuckDBConnection connection) throws SQLException {
    splits = new Rows(connection, "splits");
    points = new Rows(connection, "split_points");
    summaries = new Rows(connection, "neighbour_summary");
    distances = new Rows(connection, "neighbour_distances");
    pictures = new Rows(connection, "data_pictures");
    sensitivity = new Rows(connection, "sensitivity");
  }

  /** Adds an answer; a record's constructor sees to it that it is of the question's type. */
  void add(DataRecord record) throws SQLException {
    String data = record.analysis().data().text();
    Finding finding = record.finding();
    switch (record.analysis()) {
      case Analysis.Samples samples ->
          addPictures(data, null, ((Finding.Samples) finding).pictures());
      case Analysis.Sizes sizes -> addSizes(sizes, (Finding.Sizes) finding);
      case Analysis.Plane plane -> addPlane(data, (Finding.Plane) finding);
      case Analysis.Neighbours neighbours ->
          addDistances(data, neighbours.split().text(), (Finding.Distances) finding);
      case Analysis.Sensitivity sensitivity ->
          addSensitivities(data, (Finding.Sensitivities) finding);
    }
  }

  private void addSizes(Analysis.Sizes analysis, Finding.Sizes sizes) throws SQLException {
    Optional<TableA2> paper = TableA2.of(analysis.data(), analysis.split());
    splits.add(
        analysis.data().text(),
        analysis.split().text(),
        sizes.train(),
        sizes.test(),
        paper.map(TableA2::name).orElse(null),
        paper.map(TableA2.ROWS::indexOf).orElse(null),
        paper.map(TableA2::train).orElse(null),
        paper.map(TableA2::test).orElse(null));
  }

  private void addPlane(String data, Finding.Plane plane) throws SQLException {
    for (Finding.Point p : plane.points()) {
      points.add(data, p.split(), p.x(), p.y(), p.half().text());
    }
  }

  private void addDistances(String data, String split, Finding.Distances found)
      throws SQLException {
    summaries.add(
        data,
        split,
        found.train(),
        found.test(),
        found.mean(),
        found.standardError(),
        found.p10(),
        found.p50(),
        found.p90(),
        found.normaliser(),
        found.examples());
    Histogram histogram = found.histogram();
    for (int bin = 0; bin < histogram.counts().size(); bin++) {
      distances.add(
          data, split, histogram.low(bin), histogram.low(bin + 1), histogram.counts().get(bin));
    }
    addPictures(data, split, found.pictures());
  }

  private void addSensitivities(String data, Finding.Sensitivities found) throws SQLException {
    for (Finding.FactorSensitivity factor : found.factors()) {
      Histogram histogram = factor.histogram();
      for (int bin = 0; bin < histogram.counts().size(); bin++) {
        sensitivity.add(
            data,
            factor.factor(),
            factor.mean(),
            factor.standardError(),
            histogram.low(bin),
            histogram.low(bin + 1),
            histogram.counts().get(bin),
            factor.examples());
      }
      addPictures(data, null, factor.pictures());
    }
  }

  private void addPictures(String data, @Nullable String split, List<DataPicture> found)
      throws SQLException {
    for (DataPicture p : found) {
      pictures.add(data, split, p.name(), p.position(), p.image(), p.distance());
    }
  }

  @Override
  public void close() throws SQLException {
    for (Rows rows : List.of(splits, points, summaries, distances, pictures, sensitivity)) {
      rows.close();
    }
  }
}
