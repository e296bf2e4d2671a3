DROP TABLE peer_figure;
DROP TABLE board_paper;
