import cv2

cap = cv2.VideoCapture(0)
if not cap.isOpened():
    raise RuntimeError("Could not open camera (device index 0)")

# Optional local preview while you build:
ok, frame = cap.read()
if ok:
    cv2.imshow("preview", frame)
